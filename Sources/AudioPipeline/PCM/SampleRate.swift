/// Samples per second of mono PCM: one of the rates Opus knows, all of which divide 48 kHz.
package struct SampleRate: Hashable, Sendable {
    package let hertz: Int32

    package static let hz8000 = SampleRate(hertz: 8_000)
    package static let hz16000 = SampleRate(hertz: 16_000)
    package static let hz24000 = SampleRate(hertz: 24_000)
    package static let hz48000 = SampleRate(hertz: 48_000)

    private init(hertz: Int32) {
        self.hertz = hertz
    }

    /// Media clock ticks (1/48000 s) per sample.
    package var ticks48k: Int64 { 48_000 / Int64(hertz) }

    /// Whole samples in `duration`, rounded down; zero for a negative one, at most 31 years' worth.
    package func samples(in duration: Duration) -> Int {
        Int(duration.ticks48k / ticks48k)
    }
}

extension Duration {
    /// So many media clock ticks (1/48000 s), fewer than 10^14.
    static func ticks48k(_ ticks: Int64) -> Duration { .nanoseconds(ticks * 62_500 / 3) }

    /// Media clock ticks (1/48000 s) in this duration, rounded down; zero when negative, at most 10^9 seconds' worth.
    var ticks48k: Int64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 1_000_000_000 else { return 48_000_000_000_000 }
        return seconds * 48_000 + attoseconds / 1_000_000_000 * 48_000 / 1_000_000_000
    }
}
