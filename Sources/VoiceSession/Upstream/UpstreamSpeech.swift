import AudioPipeline

/// Audio of an upstream that waits for room in a peer's playout: mono Int16 at 24 kHz, one playout after the other. Pure.
struct UpstreamSpeech {
    /// Five minutes, 14 MB: more than the longest response of a hosted service.
    static let maxSamples = 300 * 24_000

    struct Block: Sendable {
        let samples: [Int16]
        let generation: Generation
    }

    private struct Playout {
        let generation: Generation
        var blocks: [[Int16]] = []
        var next = 0
        var isOver = false

        var isEmpty: Bool { next == blocks.count }
    }

    private var undecided: [Int: [Int16]] = [:]
    private var lastBlock = 0
    private var playouts: [Playout] = []
    private(set) var samples = 0

    /// Keeps a block until it is said what becomes of it; its number.
    mutating func keep(_ block: [Int16]) -> Int {
        lastBlock += 1
        undecided[lastBlock] = block
        return lastBlock
    }

    mutating func drop(_ number: Int) { undecided[number] = nil }

    /// Queues a kept block; false where there is no room for it.
    mutating func queue(_ number: Int, _ generation: Generation) -> Bool {
        guard let block = undecided.removeValue(forKey: number) else { return true }
        guard samples + block.count <= Self.maxSamples else { return false }
        samples += block.count
        if let index = playouts.firstIndex(where: { $0.generation == generation }) {
            playouts[index].blocks.append(block)
        } else {
            playouts.append(Playout(generation: generation, blocks: [block]))
        }
        return true
    }

    mutating func end(_ generation: Generation) {
        guard let index = playouts.firstIndex(where: { $0.generation == generation }) else { return }
        playouts[index].isOver = true
    }

    mutating func discard(_ generation: Generation) {
        guard let index = playouts.firstIndex(where: { $0.generation == generation }) else { return }
        let playout = playouts.remove(at: index)
        samples -= playout.blocks[playout.next...].reduce(0) { $0 + $1.count }
    }

    /// The next block in order; nil while the playout whose turn it is has none.
    mutating func next() -> Block? {
        while let first = playouts.first {
            guard first.isEmpty else {
                let block = first.blocks[first.next]
                playouts[0].blocks[first.next] = []
                playouts[0].next += 1
                samples -= block.count
                return Block(samples: block, generation: first.generation)
            }
            guard first.isOver else { return nil }
            playouts.removeFirst()
        }
        return nil
    }
}
