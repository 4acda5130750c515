import AudioPipeline
import RealtimeProtocol
import VoiceSession

/// Both sides of a session as they stand in its recording: told what passes and when, it says what goes where. Pure.
///
/// What the client says stands where it reached the session. What it is sent stands where it is heard: by RTP when each frame
/// leaves; in events, as by a client that plays at once and one after the other, and without what a cancelled answer or a
/// truncation says was not heard.
struct RecordedSound {
    enum Side: Int, Sendable {
        case client = 0
        case server = 1
    }

    /// A change of the recording, in samples since its beginning.
    enum Change: Equatable, Sendable {
        case sound(Side, at: Int, [Int16])
        case silence(Side, Range<Int>)
    }

    enum Input: Sendable {
        /// By RTP.
        case heard(PCMBlock)
        /// Of the client.
        case sent(JSONObject)
        /// To the client.
        case received(JSONObject)
        /// For the playout of a peer.
        case queued([Int16], Generation)
        case played([PlayedAudio])
    }

    /// Events that say something of sound.
    static let types: Set<String> = [
        "input_audio_buffer.append", "session.created", "session.updated", "response.created", "response.done",
        "response.output_audio.delta", "response.audio.delta", "conversation.item.truncated",
    ]

    private static let samplesPerMs = 24
    private static let frame = 480
    /// No gap of a received stream counts for more.
    private static let longestGap = 60_000 * samplesPerMs
    /// Answers whose sound may still be cut.
    private static let remembered = 16

    private struct Stretch {
        let item: String
        var range: Range<Int>
    }

    private var client = CallerTrack()
    private var server = SoundTrack()
    private var formats = SoundFormats()
    private var clientDecoder = AppendedAudioDecoder()
    private var serverDecoder = AppendedAudioDecoder()
    private var expected: SampleIndex?
    private var stretches: [Stretch] = []
    private var playout = RecordedPlayout()

    init() {}

    /// - Parameter now: since the beginning of the recording.
    mutating func handle(_ input: Input, now: Duration) -> [Change] {
        let now = SampleRate.hz24000.samples(in: now)
        switch input {
        case .heard(let block): return heard(block, now)
        case .sent(let event): return appended(event, now)
        case .received(let event): return received(event, now)
        case .queued(let samples, let generation):
            playout.queue(samples, generation)
            return []
        case .played(let audio): return audio.flatMap { played($0, now) }
        }
    }

    // MARK: The client

    private mutating func heard(_ block: PCMBlock, _ now: Int) -> [Change] {
        let missing = expected.map { (block.start.rawValue &- $0.rawValue) / block.rate.ticks48k } ?? 0
        expected = block.end
        let gap = Int(clamping: max(0, min(missing, Int64(Self.longestGap))))
        return block.samples.isEmpty ? [] : client.receive(block.samples, now: now, after: gap)
    }

    private mutating func appended(_ event: JSONObject, _ now: Int) -> [Change] {
        guard case .string(let text)? = event["audio"], let bytes = Base64.decode(text.utf8),
            let samples = try? clientDecoder.decode(bytes[...], formats.input), !samples.isEmpty
        else { return [] }
        // It was spoken until now.
        return client.append(samples, at: max(0, now - samples.count))
    }

    // MARK: The server

    private mutating func received(_ event: JSONObject, _ now: Int) -> [Change] {
        guard case .string(let type)? = event["type"] else { return [] }
        switch type {
        case "session.created", "session.updated":
            let before = formats
            formats.note(session: event)
            if formats.input != before.input { clientDecoder.reset() }
            if formats.output != before.output { serverDecoder.reset() }
        case "response.created": formats.note(response: event)
        case "response.output_audio.delta", "response.audio.delta": return delta(event, now)
        case "response.done": return ended(event, now)
        case "conversation.item.truncated": return truncated(event)
        default: break
        }
        return []
    }

    private mutating func delta(_ event: JSONObject, _ now: Int) -> [Change] {
        guard case .string(let text)? = event["delta"], case .string(let item)? = event["item_id"],
            let bytes = Base64.decode(text.utf8),
            let samples = try? serverDecoder.decode(bytes[...], formats.output), !samples.isEmpty
        else { return [] }
        let isNew = stretches.last?.item != item
        let start = server.place(samples.count, at: now, isNew: isNew)
        if isNew {
            stretches.append(Stretch(item: item, range: start..<start))
            if stretches.count > Self.remembered { stretches.removeFirst() }
        }
        stretches[stretches.count - 1].range = stretches[stretches.count - 1].range.lowerBound..<server.end
        return [.sound(.server, at: start, samples)]
    }

    /// The rest of a cancelled answer is not heard.
    private mutating func ended(_ event: JSONObject, _ now: Int) -> [Change] {
        guard case .object(let response)? = event["response"], response["status"] == .string("cancelled"),
            let last = stretches.last
        else { return [] }
        return cut(last, at: now)
    }

    private mutating func truncated(_ event: JSONObject) -> [Change] {
        guard case .string(let item)? = event["item_id"], case .integer(let ms)? = event["audio_end_ms"],
            let stretch = stretches.last(where: { $0.item == item })
        else { return [] }
        let length = min(max(0, ms), stretch.range.count / Self.samplesPerMs + 1) * Self.samplesPerMs
        return cut(stretch, at: stretch.range.lowerBound + length)
    }

    private mutating func cut(_ stretch: Stretch, at position: Int) -> [Change] {
        guard position < stretch.range.upperBound, let place = stretches.lastIndex(where: { $0.item == stretch.item })
        else { return [] }
        let start = max(position, stretch.range.lowerBound)
        let unheard = start..<stretch.range.upperBound
        stretches[place].range = stretch.range.lowerBound..<start
        if unheard.upperBound == server.end { _ = server.cut(at: start) }
        return [.silence(.server, unheard)]
    }

    /// The last frame leaves now, those before it left a frame's time apart.
    private mutating func played(_ audio: PlayedAudio, _ now: Int) -> [Change] {
        let (samples, isNew) = playout.play(audio)
        guard !samples.isEmpty else { return [] }
        let start = max(0, now - max(0, samples.count - Self.frame))
        return [.sound(.server, at: server.place(samples.count, at: start, isNew: isNew), samples)]
    }
}
