/// The end of a sound that is broken off: its next few samples, getting silent. Pure; allocates nothing after its making.
struct FadeOut {
    let limit: Int
    private var samples: [Int16] = []
    private var generation: Generation?

    /// `samples`: the longest end, at most a frame.
    init(samples limit: Int) {
        self.limit = limit
        samples.reserveCapacity(limit)
    }

    /// Takes what would have come next.
    mutating func begin(with next: some Collection<Int16>, of generation: Generation) {
        samples.removeAll(keepingCapacity: true)
        let count = min(next.count, limit)
        for (index, sample) in next.prefix(count).enumerated() {
            samples.append(Int16(Int(sample) * (count - index) / (count + 1)))
        }
        self.generation = samples.isEmpty ? nil : generation
    }

    /// Fills a frame with the end and silence, once; nil when there is none.
    mutating func take(into frame: UnsafeMutableBufferPointer<Int16>) -> Generation? {
        guard let ended = generation else { return nil }
        generation = nil
        frame.update(repeating: 0)
        for (index, sample) in samples.prefix(frame.count).enumerated() { frame[index] = sample }
        return ended
    }
}
