/// How much of one generation has left for the client, from a `PlayoutQueue`.
package struct PlayedAudio: Equatable, Sendable {
    package var generation: Generation
    /// In all, at the queue's rate; silence that filled up frames is not counted.
    package var samples: Int

    package init(generation: Generation, samples: Int) {
        self.generation = generation
        self.samples = samples
    }
}

/// What was played and not told yet. Pure.
struct PlayedTally {
    /// Generations that may be told in one go; a queue holds no more at once.
    private static let limit = 16

    private var current: PlayedAudio?
    private var untold: [PlayedAudio] = []

    var isEmpty: Bool { untold.isEmpty }

    /// Generations are played one after the other, so the total of the last one goes on.
    mutating func add(_ samples: Int, _ generation: Generation) {
        let before = current?.generation == generation ? current?.samples ?? 0 : 0
        let now = PlayedAudio(generation: generation, samples: before + samples)
        current = now
        if untold.last?.generation == generation {
            untold[untold.count - 1] = now
        } else {
            if untold.count == Self.limit { untold.removeFirst() }
            untold.append(now)
        }
    }

    mutating func take() -> [PlayedAudio] {
        defer { untold.removeAll(keepingCapacity: true) }
        return untold
    }
}
