/// The one media clock: 1/48000 s since the first packet of the call, whatever the rate of the PCM it stamps.
package struct SampleIndex: Comparable, Hashable, Sendable {
    package var rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static func < (left: SampleIndex, right: SampleIndex) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The index `samples` later, counted at `rate`.
    package func advanced(by samples: Int, at rate: SampleRate) -> SampleIndex {
        SampleIndex(rawValue: rawValue &+ Int64(samples) &* rate.ticks48k)
    }
}
