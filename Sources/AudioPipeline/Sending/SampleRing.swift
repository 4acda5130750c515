/// A ring of mono Int16 samples whose memory is allocated once; pages that are never reached stay untouched, because an
/// empty ring begins again at its start.
struct SampleRing: ~Copyable {
    private let storage: UnsafeMutableBufferPointer<Int16>
    private var head = 0
    private(set) var count = 0

    init(capacity: Int) {
        storage = .allocate(capacity: capacity)
    }

    deinit {
        storage.deallocate()
    }

    var room: Int { storage.count - count }

    /// Appends as many of `samples` as fit and returns how many those are.
    mutating func append(_ samples: ArraySlice<Int16>) -> Int {
        let taken = min(samples.count, room)
        var source = samples.prefix(taken)
        while !source.isEmpty {
            let tail = (head + count) % storage.count
            let run = source.prefix(storage.count - tail)
            _ = storage[tail...].initialize(fromContentsOf: run)
            count += run.count
            source = source.dropFirst(run.count)
        }
        return taken
    }

    /// Moves the oldest `output.count` samples out; there must be as many.
    mutating func take(into output: UnsafeMutableBufferPointer<Int16>) {
        let first = min(output.count, storage.count - head)
        _ = output.update(fromContentsOf: storage[head..<head + first])
        _ = output[first...].update(fromContentsOf: storage[..<(output.count - first)])
        drop(output.count)
    }

    /// Drops the oldest `dropped` samples; there must be as many.
    mutating func drop(_ dropped: Int) {
        count -= dropped
        head = count == 0 ? 0 : (head + dropped) % storage.count
    }
}
