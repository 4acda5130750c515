import AudioPipeline
import RealtimeProtocol
import SessionEngine
import SpeechEngines

/// The input side of one session: appended bytes and received blocks on one timeline, cut into windows for voice activity.
///
/// Not Sendable: the session's actor owns it.
struct InputAudio {
    /// A window of voice activity: mono Int16 at 16 kHz, and where it ends.
    struct Window: Sendable {
        let samples: [Int16]
        let end: AudioPosition
        /// Which stretch between two clears it belongs to; its result is of no use in another.
        let epoch: Int
    }

    /// Silence that one gap of a received stream may become; a longer one is cut to it.
    static let longestGap = Duration.seconds(60)
    /// A received stream that brings nothing for so long is taken to be silent, as far as this before the present: what
    /// is on its way still finds its place.
    static let patience = Duration.milliseconds(200)

    /// What becomes one window of voice activity, at 24 kHz.
    private static let windowSamples = voiceActivityWindow * 24 / 16
    /// A second may come in at one time, and part of a window be there before.
    private static let behindSamples = Int64(AudioRing.samplesPerSecond + windowSamples)
    private static let mediaTicks = SampleRate.hz24000.ticks48k

    private(set) var ring = AudioRing()
    private(set) var epoch = 0
    private let decoder = AppendedAudioDecoder()
    /// Made with the first window.
    private var narrowing: Resampler?
    /// Where the next window begins.
    private var cursor: Int64 = 0
    /// Where the next received block should stand, on the media clock shifted by `shift`.
    private var expected: SampleIndex?
    /// Media ticks that the received stream stands later than its own clock says: it stopped, and its clock with it.
    private var shift: Int64 = 0
    /// Media ticks of silence since the last received block that no block has claimed.
    private var filled: Int64 = 0
    /// Until when the received stream has been placed.
    private var receivedUntil: ContinuousClock.Instant?

    /// Bytes of an event as mono Int16 at 24 kHz.
    func decode(_ bytes: ArraySlice<UInt8>, format: AudioFormat) throws(AudioError) -> [Int16] {
        try decoder.decode(bytes, format)
    }

    /// Appends sound; returns where the input now ends.
    mutating func append(_ samples: ArraySlice<Int16>) -> AudioPosition {
        ring.append(samples)
        return ring.endPosition
    }

    /// Places a received block: what is missing before it becomes silence; what was there before is left out.
    ///
    /// Time that was filled with silence is over: a block that belongs there comes after it, and so do those that follow.
    /// Otherwise a client whose clock stands still while it sends nothing would never be heard again.
    mutating func place(_ block: PCMBlock, now: ContinuousClock.Instant) -> AudioPosition {
        let expected = expected ?? block.start
        shift += min(filled, max(0, expected.rawValue - block.start.rawValue - shift))
        filled = 0
        let gap = (block.start.rawValue + shift - expected.rawValue) / Self.mediaTicks
        if gap > 0 {
            let longest = Int64(SampleRate.hz24000.samples(in: Self.longestGap))
            ring.appendSilence(Int(min(gap, longest)))
        }
        ring.append(block.samples.dropFirst(Int(clamping: max(0, -gap))))
        self.expected = max(expected, SampleIndex(rawValue: block.end.rawValue + shift))
        receivedUntil = now
        return ring.endPosition
    }

    /// Blocks come from another source now, on a clock of its own.
    mutating func beginStream() {
        expected = nil
        shift = 0
        filled = 0
        receivedUntil = nil
    }

    /// When silence is due if no block comes before; nil before the first block.
    var silenceIsDue: ContinuousClock.Instant? { receivedUntil.map { $0 + Self.patience * 2 } }

    /// Fills with silence the time in which a received stream brought nothing; nil when there is none to fill.
    mutating func fillSilence(now: ContinuousClock.Instant) -> AudioPosition? {
        guard let receivedUntil, let expected, let due = silenceIsDue, now >= due else { return nil }
        let missing = min(receivedUntil.duration(to: now - Self.patience), Self.longestGap)
        let samples = SampleRate.hz24000.samples(in: missing)
        ring.appendSilence(samples)
        self.expected = expected.advanced(by: samples, at: .hz24000)
        filled += Int64(samples) * Self.mediaTicks
        self.receivedUntil = now - Self.patience
        return ring.endPosition
    }

    /// Whether there is sound enough for the next window.
    var hasWindow: Bool { unheard >= Int64(Self.windowSamples) }

    /// Whether more waits to be cut into windows than comes in at one time.
    var isBehind: Bool { unheard > Self.behindSamples }

    private var unheard: Int64 { ring.end - max(cursor, ring.start) }

    /// The next whole window; nil when there is not enough sound yet.
    mutating func nextWindow() throws(AudioError) -> Window? {
        if cursor < ring.start { skip(to: ring.start) }
        guard ring.end - cursor >= Int64(Self.windowSamples) else { return nil }
        let resampler = try resampler()
        let wide = ring.samples(in: cursor..<cursor + Int64(Self.windowSamples))
        cursor += Int64(Self.windowSamples)
        return Window(
            samples: try resampler.resample(wide), end: AudioRing.position(cursor), epoch: epoch)
    }

    /// Voice activity begins with what comes from now on.
    mutating func startWindows() {
        epoch += 1
        skip(to: ring.end)
    }

    /// Drops what stands before `position`; a window that reached into it begins after it.
    mutating func clear(before position: AudioPosition) {
        let sample = AudioRing.sample(position)
        if sample > cursor {
            epoch += 1
            skip(to: min(sample, ring.end))
        }
        ring.release(before: sample)
    }

    /// Half a sample of the format before is forgotten.
    func formatChanged() { decoder.reset() }

    func samples(in range: Range<AudioPosition>) -> [Int16] {
        let lower = AudioRing.sample(range.lowerBound)
        return ring.samples(in: lower..<max(lower, AudioRing.sample(range.upperBound)))
    }

    private mutating func skip(to sample: Int64) {
        cursor = sample
        narrowing?.reset()
    }

    private mutating func resampler() throws(AudioError) -> Resampler {
        if let narrowing { return narrowing }
        let made = try Resampler(from: .hz24000, to: .hz16000)
        narrowing = made
        return made
    }
}
