import AudioPipeline

/// The sound of one answer as it comes in: when it is first heard, how long it is, and how evenly it comes.
struct AnswerSound: Sendable {
    private(set) var firstPacket: ContinuousClock.Instant?
    private(set) var heard: ContinuousClock.Instant?
    private(set) var samples = 0
    private(set) var gapSamples = 0
    private(set) var latest = Duration.zero
    private var last: (end: SampleIndex, rate: SampleRate)?
    /// When the first sample of the current run of packets came, had every packet come as early as the earliest.
    private var origin: (index: SampleIndex, at: ContinuousClock.Instant)?

    /// Takes a decoded packet that came at `now`; silence before the first sound is no part of the answer.
    mutating func add(_ block: PCMBlock, now: ContinuousClock.Instant) {
        if heard == nil {
            guard let start = SpokenSound.beginning(in: block.samples) else { return }
            firstPacket = now
            heard = now + .samples(start)
        }
        measureArrival(of: block, now: now)
        samples += block.samples.count
        last = (block.end, block.rate)
    }

    private mutating func measureArrival(of block: PCMBlock, now: ContinuousClock.Instant) {
        if let last, block.start.rawValue > last.end.rawValue {
            gapSamples += Int((block.start.rawValue - last.end.rawValue) / block.rate.ticks48k)
            origin = nil
        }
        let began = origin ?? (block.start, now)
        origin = began
        let due = began.at + .ticks(block.start.rawValue - began.index.rawValue)
        latest = max(latest, due.duration(to: now))
    }
}

extension Duration {
    /// Of mono 24 kHz PCM.
    static func samples(_ count: Int) -> Duration { .ticks(Int64(count) * 2) }

    /// Of the media clock, 1/48000 s.
    static func ticks(_ count: Int64) -> Duration { .nanoseconds(count * 62_500 / 3) }
}
