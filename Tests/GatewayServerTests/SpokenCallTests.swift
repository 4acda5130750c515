import AudioPipeline
import GatewayServer
import LoadGenerator
import Logging
import PeerTransport
import RealtimeProtocol
import ServiceLifecycle
import SpeechEngines
import Testing
import VoiceSession

/// A synthetic peer speaks with the scripted engine over real ICE, DTLS, SRTP and SCTP on the loopback interface.
@Suite("Spoken calls over loopback", .serialized, .timeLimit(.minutes(2)))
struct SpokenCallTests {
    @Test("What is said becomes a turn, its transcript, and an answer that is heard")
    func turn() async throws {
        try await withCall(answer: "A short answer.") { call in
            await call.say(milliseconds: 800)
            await call.next("input_audio_buffer.speech_started")
            await call.next("input_audio_buffer.speech_stopped")
            await call.next("input_audio_buffer.committed")
            // Long before it is heard to its end, the answer is done.
            #expect(await call.next("response.output_audio_transcript.done").contains("A short answer."))
            await call.next("response.done")
            await call.next("output_audio_buffer.stopped")
            #expect(call.events.contains { $0.contains("output_audio_buffer.started") })
            #expect(call.events.contains { $0.contains("What was said.") && $0.contains("transcription.completed") })
            #expect(!call.events.contains { $0.contains("response.output_audio.delta") })
            // Three words of 300 ms, of which four fifths sound.
            #expect(abs(call.heardMs - 720) < 120)
        }
    }

    @Test("Speech over an answer stops it: the rest is never heard, and the item ends where the caller stopped hearing")
    func interruption() async throws {
        let words = (1...60).map { "word\($0)" }.joined(separator: " ")
        try await withCall(answer: words + ".") { call in
            await call.say(milliseconds: 800)
            await call.next("output_audio_buffer.started")
            await call.hear(milliseconds: 1_000)
            await call.say(milliseconds: 800)
            await call.next("input_audio_buffer.speech_started")
            await call.next("output_audio_buffer.cleared")
            let truncated = await call.next("conversation.item.truncated")
            let heardMs = call.heardMs
            #expect(heardMs < 60 * 240 / 2)
            let end = try #require(truncated.split(separator: "\"audio_end_ms\":").last?.prefix { $0.isNumber })
            // What has left is what arrives, but for frames under way; a fifth of each word is silent.
            #expect(abs(try #require(Int(end)) * 4 / 5 - heardMs) < 300)
            #expect(call.events.contains { $0.contains("\"reason\":\"turn_detected\"") })
        }
    }

    /// A call with an engine that hears one line and always says `answer`.
    private func withCall(answer: String, _ body: (SpokenCall) async throws -> Void) async throws {
        try await withCalls(answer: answer) { try await SpokenCall.with($0, $1, body) }
    }

    /// Calls with an engine that hears one line and always says `answer`, and an endpoint for their callers.
    func withCalls(
        answer: String, _ body: (any CallService, PeerEndpoint) async throws -> Void
    ) async throws {
        var script = Script()
        script.timing = Script.Timing(recogniserMs: 10, firstTokenMs: 10, tokenMs: 0, wordMs: 300)
        script.hears = [.transcript("What was said.")]
        script.rules = [Script.Rule(reply: [.say(answer)])]
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let configuration = try GatewayConfiguration(
            arguments: [], environment: [:])
        var audio = PeerConfiguration(audio: AudioSettings(rate: .hz24000, encoder: OpusEncoderSettings()))
        audio.ice.addresses = ["127.0.0.1"]
        audio.ice.tcp = false
        // Both sides share the endpoint: SCTP has one owner in a process.
        let endpoint = try PeerEndpoint(audio, logger: logger)
        let factory = SessionFactory(
            engine: EngineShelf(EngineCatalog(default: ScriptedEngine(script).engine)).engine(of:))
        let sessions = SessionRegistry(
            makeDriver: { id, configuration, owner, logger throws(ProtocolError) in
                try factory.makeDriver(id, configuration, owner: owner, logger: logger)
            }, models: [ScriptedEngine.name], maxCount: 0, logger: logger)
        let calls = CallRegistry(
            endpoint: endpoint, sessions: sessions, limits: configuration.calls, logger: logger)
        let group = ServiceGroup(services: [calls], logger: logger)
        let running = Task { try await group.run() }
        let result = await Result.catching { try await body(calls, endpoint) }
        await group.triggerGracefulShutdown()
        try await running.value
        try result.get()
    }
}

/// The caller's side of one call.
private final class SpokenCall: Sendable {
    private static let loud: UInt16 = 1_500
    private static let samplesPerMs = 24

    private let connection: PeerConnection
    private let log = PosixLock<[String]>([])
    private let heard = PosixLock(0)
    /// Of the last message that came.
    private let channel = PosixLock<UInt16>(0)
    private let told: AsyncStream<String>
    private let toldOut: AsyncStream<String>.Continuation
    private let sounds: AsyncStream<Int>
    private let soundsOut: AsyncStream<Int>.Continuation

    private init(_ connection: PeerConnection) {
        self.connection = connection
        (told, toldOut) = AsyncStream.makeStream()
        (sounds, soundsOut) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var events: [String] { log.withLock { $0 } }
    /// Sound above silence that has arrived.
    var heardMs: Int { heard.withLock { $0 } / Self.samplesPerMs }

    static func with(
        _ calls: any CallService, _ endpoint: PeerEndpoint, _ body: (SpokenCall) async throws -> Void
    ) async throws {
        let peer = SyntheticPeer(endpoint: endpoint, id: "caller")
        let result = await Result.catching {
            _ = try await peer.call(InProcess(calls: calls))
            try await SpokenCall(peer.connection).follow(body)
        }
        peer.connection.close(.hangUp)
        await peer.connection.closed()
        try result.get()
    }

    /// Opens the channel, asks for transcripts, and runs `body` while the call is listened to.
    private func follow(_ body: (SpokenCall) async throws -> Void) async throws {
        await connection.openChannel(label: "oai-events")
        let listening = Task { await listen() }
        let reading = Task { await read() }
        await next("session.created")
        await send(
            #"{"type":"session.update","session":{"audio":{"input":{"transcription":{"model":"any"}}}}}"#)
        await next("session.updated")
        let result = await Result.catching { try await body(self) }
        connection.close(.hangUp)
        await listening.value
        await reading.value
        try result.get()
    }

    /// Says a tone; afterwards nothing is sent.
    func say(milliseconds: Int) async {
        let tone = (0..<milliseconds * Self.samplesPerMs).map { Int16($0 % 60 < 30 ? 6_000 : -6_000) }
        _ = await connection.playout.enqueue(tone, generation: Generation(rawValue: 0))
    }

    /// Returns once so much sound has arrived.
    func hear(milliseconds: Int) async {
        for await sound in sounds where sound >= milliseconds * Self.samplesPerMs { return }
    }

    /// The next event of this type.
    @discardableResult
    func next(_ type: String) async -> String {
        for await event in told where event.contains("\"type\":\"\(type)\"") { return event }
        return ""
    }

    private func send(_ json: String) async {
        let channel = channel.withLock { $0 }
        await connection.send(DataChannelMessage(channel: channel, payload: .string(Array(json.utf8))))
    }

    private func listen() async {
        for await block in connection.audio {
            let loud = block.samples.count { $0.magnitude > Self.loud }
            guard loud * 4 > block.samples.count else { continue }
            soundsOut.yield(
                heard.withLock { heard in
                    heard += block.samples.count
                    return heard
                })
        }
        soundsOut.finish()
    }

    private func read() async {
        for await case .message(let message) in connection.events {
            guard case .string(let bytes) = message.payload else { continue }
            channel.withLock { $0 = message.channel }
            let text = String(decoding: bytes, as: UTF8.self)
            log.withLock { $0.append(text) }
            toldOut.yield(text)
        }
        toldOut.finish()
    }
}

/// Places calls without HTTP.
struct InProcess: Signalling {
    let calls: any CallService

    func exchange(offer: String) async throws -> String {
        try await calls.place(
            CallRequest(offer: offer, start: SessionStart(caller: .anybody), clientAddress: "127.0.0.1")
        ).answer
    }
}

extension Result where Failure == any Error {
    fileprivate static func catching(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
