import AudioPipeline

/// Sound that was given to a peer's playout, until it is known to have left or that it never will. Pure.
struct RecordedPlayout {
    private struct Turn {
        let generation: Generation
        var blocks: [[Int16]] = []
        /// Of the first block.
        var taken = 0
        var played = 0

        mutating func take(_ count: Int) -> [Int16] {
            var samples: [Int16] = []
            while samples.count < count, let first = blocks.first {
                let part = first.dropFirst(taken).prefix(count - samples.count)
                samples += part
                taken += part.count
                if taken == first.count {
                    blocks.removeFirst()
                    taken = 0
                }
            }
            return samples
        }
    }

    /// Whose playing may still be told of: a playout tells of sixteen at once.
    private static let remembered = 16

    private var turns: [Turn] = []

    mutating func queue(_ samples: [Int16], _ generation: Generation) {
        if turns.last?.generation != generation {
            turns.append(Turn(generation: generation))
            if turns.count > Self.remembered { turns.removeFirst() }
        }
        turns[turns.count - 1].blocks.append(samples)
    }

    /// What has left since this generation's total was last told, and whether that is its beginning. What was queued before it
    /// and has not left never will.
    mutating func play(_ audio: PlayedAudio) -> (samples: [Int16], isNew: Bool) {
        guard let place = turns.firstIndex(where: { $0.generation == audio.generation }) else { return ([], false) }
        turns.removeFirst(place)
        let isNew = turns[0].played == 0
        let samples = turns[0].take(audio.samples - turns[0].played)
        turns[0].played = audio.samples
        return (samples, isNew)
    }
}
