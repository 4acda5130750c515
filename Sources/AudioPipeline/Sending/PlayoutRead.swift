/// One frame taken from a `PlayoutQueue`.
package struct PlayoutRead: Equatable, Sendable {
    package var generation: Generation
    /// Samples that were queued; the rest of the frame is silence.
    package var samples: Int
    /// The first frame after at least one tick without.
    package var startsTalkspurt: Bool

    package init(generation: Generation, samples: Int, startsTalkspurt: Bool) {
        self.generation = generation
        self.samples = samples
        self.startsTalkspurt = startsTalkspurt
    }
}
