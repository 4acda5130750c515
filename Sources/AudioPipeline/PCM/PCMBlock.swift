/// A run of mono Int16 PCM at `rate` whose first sample stands at `start` on the media clock.
package struct PCMBlock: Equatable, Sendable {
    package var samples: [Int16]
    package var rate: SampleRate
    package var start: SampleIndex

    package init(samples: [Int16], rate: SampleRate, start: SampleIndex) {
        self.samples = samples
        self.rate = rate
        self.start = start
    }

    /// Where the sample after the last one stands.
    package var end: SampleIndex { start.advanced(by: samples.count, at: rate) }
}
