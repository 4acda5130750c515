/// What a machine has to say, first in first out; drained completely by its owner, so the storage is kept.
struct OutputQueue<Output> {
    private var items: [Output] = []
    private var head = 0

    mutating func append(_ output: Output) { items.append(output) }

    mutating func next() -> Output? {
        guard head < items.count else {
            items.removeAll(keepingCapacity: true)
            head = 0
            return nil
        }
        defer { head += 1 }
        return items[head]
    }
}
