import AudioPipeline
import RealtimeProtocol
import SessionEngine
import VoiceSession

/// An upstream session's machine on virtual time; what it wants done in words, so that a list of them can be read.
struct UpstreamScene {
    static let created = #"{"type":"session.created","event_id":"u1","session":{"id":"sess_up","model":"big"}}"#
    /// With the formats a peer needs.
    static let createdForPeers =
        #"{"type":"session.created","event_id":"u1","session":{"id":"sess_up","model":"big","#
        + #""audio":{"input":{"format":{"type":"audio/pcm","rate":24000}},"output":{"format":{"type":"audio/pcm","rate":24000}}}}}"#
    static let shownCreated =
        #"relay {"type":"session.created","event_id":"u1","session":{"id":"sess_ours","model":"mine","#
        + #""expires_at":31536000}}"#

    private(set) var machine: UpstreamMachine
    private(set) var now: ContinuousClock.Instant

    init(
        _ kind: TransportKind = .peer, endpoints: Int = 1, maxDuration: Duration? = nil,
        configure: (inout SessionConfiguration) -> Void = { _ in },
        adjust: (inout UpstreamMachineConfiguration) -> Void = { _ in }
    ) {
        var configuration = SessionConfiguration(kind: .realtime, model: "mine")
        configure(&configuration)
        now = .now
        var settings = UpstreamMachineConfiguration(
            session: SessionID("sess_ours"), initial: configuration, endpoints: endpoints, maxDuration: maxDuration,
            startedAt: 0)
        adjust(&settings)
        machine = UpstreamMachine(settings, now: now)
        _ = tell(.attached(TransportID(rawValue: 0), kind))
    }

    /// One whose upstream has greeted.
    static func open(
        _ kind: TransportKind = .peer, adjust: (inout UpstreamMachineConfiguration) -> Void = { _ in }
    ) -> UpstreamScene {
        var scene = UpstreamScene(kind, adjust: adjust)
        scene.tell(.connected)
        scene.upstream(kind == .peer ? createdForPeers : created)
        return scene
    }

    @discardableResult
    mutating func tell(_ input: UpstreamInput) -> [String] { machine.handle(input, now: now).map(\.words) }

    @discardableResult
    mutating func client(_ json: String) -> [String] {
        guard let event = try? RelayedEvent(parsing: Array(json.utf8)) else { return ["no event"] }
        return tell(.client(event, from: TransportID(rawValue: 0)))
    }

    @discardableResult
    mutating func upstream(_ json: String, sound: UpstreamSound? = nil) -> [String] {
        guard let event = try? RelayedEvent(parsing: Array(json.utf8)) else { return ["no event"] }
        return tell(.upstream(event, sound: sound))
    }

    /// A second of a response's audio, as a block of that number.
    @discardableResult
    mutating func second(_ block: Int, of response: String = "r1", item: String = "i1") -> [String] {
        // Four characters stand for three bytes: 48,000 bytes of PCM.
        let delta = String(repeating: "AAAA", count: 16_000)
        return upstream(
            #"{"type":"response.output_audio.delta","response_id":"\#(response)","item_id":"\#(item)","content_index":0,"delta":"\#(delta)"}"#,
            sound: UpstreamSound(block: block, samples: 24_000))
    }

    mutating func wait(_ duration: Duration) { now += duration }

    /// Waits for the machine's next deadline; false for none.
    mutating func waitForDeadline() -> [String]? {
        guard let deadline = machine.nextDeadline else { return nil }
        now = max(now, deadline)
        return tell(.deadline)
    }

    /// An answer that has said "Hello there." in two seconds.
    mutating func answer() {
        upstream(#"{"type":"response.created","response":{"id":"r1","status":"in_progress"}}"#)
        upstream(
            #"{"type":"response.output_item.added","response_id":"r1","output_index":0,"item":{"id":"i1","type":"message","role":"assistant","content":[]}}"#
        )
        upstream(
            #"{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"i1","type":"message","role":"assistant","content":[]}}"#
        )
        upstream(
            #"{"type":"response.output_audio_transcript.delta","response_id":"r1","item_id":"i1","content_index":0,"delta":"Hello there."}"#
        )
        second(1)
        second(2)
    }
}

extension UpstreamEffect {
    fileprivate var words: String {
        switch self {
        case .connect(let endpoint): "connect \(endpoint)"
        case .disconnect: "disconnect"
        case .send(let event): "send " + event.json
        case .relay(let event, let audience): "relay " + event.json + audience.words
        case .tell(let event, let audience): "tell " + event.json + audience.words
        case .play(let block, let generation): "play \(block) in \(generation.rawValue)"
        case .drop(let block): "drop \(block)"
        case .endPlayout(let generation): "end \(generation.rawValue)"
        case .discardPlayout(let generation): "discard \(generation.rawValue)"
        case .account(let usage): "account \(usage.input.total) \(usage.cached.total) \(usage.output.total)"
        case .accountTranscription(let usage): "account \(usage)"
        case .count(let what): "count \(what)"
        case .close(let transport, let reason): "close \(transport.rawValue) \(reason)"
        case .closed(let reason): "closed \(reason)"
        }
    }
}

extension RelayedEvent {
    /// Long audio in short.
    fileprivate var json: String {
        guard type == "response.output_audio.delta" else { return String(decoding: bytes, as: UTF8.self) }
        return type
    }
}

extension ServerEvent {
    fileprivate var json: String {
        let encoder = EventEncoder(dialect: .current, wantsExtensions: false, maxMessageBytes: .max)
        return encoder.encode(self, eventID: "e").messages.map { String(decoding: $0, as: UTF8.self) }.joined()
    }
}

extension SessionEffect.Audience {
    fileprivate var words: String {
        switch self {
        case .everyone: ""
        case .only(let id): " to \(id.rawValue)"
        case .allOf(let kind): " to \(kind)"
        }
    }
}
