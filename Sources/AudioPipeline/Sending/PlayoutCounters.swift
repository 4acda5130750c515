/// What became of the samples offered to a `PlayoutQueue`, at its rate.
package struct PlayoutCounters: Equatable, Sendable {
    /// Given to the media loop.
    package var playedSamples: UInt64 = 0
    /// Silence that filled up partial frames.
    package var paddedSamples: UInt64 = 0
    /// Dropped unplayed: of a discarded generation, or offered for one that is over.
    package var discardedSamples: UInt64 = 0
    /// Times that playback ran dry and went on later within one generation.
    package var underruns: UInt64 = 0

    package init() {}
}
