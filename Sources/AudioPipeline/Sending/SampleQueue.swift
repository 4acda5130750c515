/// Mono Int16 samples, first in first out, in pieces of memory that come as samples do and go as they are taken: an
/// empty queue keeps one piece at most beside the one it stands in, so that a steady stream allocates nothing.
struct SampleQueue: ~Copyable {
    /// Samples in a piece: 4 KiB, 85 ms at 24 kHz.
    static let pieceSamples = 2_048

    private let capacity: Int
    private var pieces: [UnsafeMutableBufferPointer<Int16>] = []
    private var spare: UnsafeMutableBufferPointer<Int16>?
    /// Samples of the first piece that were taken.
    private var head = 0
    private(set) var count = 0

    /// `capacity`: the most samples that are held; none of their memory is there yet.
    init(capacity: Int) {
        self.capacity = capacity
    }

    deinit {
        for piece in pieces { piece.deallocate() }
        spare?.deallocate()
    }

    var room: Int { capacity - count }

    /// Samples there is memory for.
    var reservedSamples: Int { (pieces.count + (spare == nil ? 0 : 1)) * Self.pieceSamples }

    /// Appends as many of `samples` as fit and returns how many those are.
    mutating func append(_ samples: ArraySlice<Int16>) -> Int {
        let taken = min(samples.count, room)
        var source = samples.prefix(taken)
        while !source.isEmpty {
            let tail = head + count
            if tail == pieces.count * Self.pieceSamples { pieces.append(makePiece()) }
            let offset = tail % Self.pieceSamples
            let run = source.prefix(Self.pieceSamples - offset)
            _ = pieces[pieces.count - 1][offset...].update(fromContentsOf: run)
            count += run.count
            source = source.dropFirst(run.count)
        }
        return taken
    }

    /// Moves the oldest `output.count` samples out; there must be as many.
    mutating func take(into output: UnsafeMutableBufferPointer<Int16>) {
        precondition(output.count <= count, "\(output.count) of \(count) samples")
        var filled = 0
        while filled < output.count {
            let run = min(output.count - filled, Self.pieceSamples - head)
            _ = output[filled...].update(fromContentsOf: pieces[0][head..<head + run])
            filled += run
            drop(run)
        }
    }

    /// Shows the oldest `shown` samples, fewer where they lie in two pieces; there must be as many.
    func withOldest(_ shown: Int, _ body: (UnsafeBufferPointer<Int16>) -> Void) {
        precondition(shown <= count, "\(shown) of \(count) samples")
        guard shown > 0 else { return }
        body(UnsafeBufferPointer(rebasing: pieces[0][head..<min(head + shown, Self.pieceSamples)]))
    }

    /// Drops the oldest `dropped` samples; there must be as many.
    mutating func drop(_ dropped: Int) {
        precondition(dropped <= count, "\(dropped) of \(count) samples")
        count -= dropped
        head += dropped
        while head >= Self.pieceSamples {
            head -= Self.pieceSamples
            release(pieces.removeFirst())
        }
        if count == 0 { head = 0 }
    }

    private mutating func makePiece() -> UnsafeMutableBufferPointer<Int16> {
        if let piece = spare {
            spare = nil
            return piece
        }
        let piece = UnsafeMutableBufferPointer<Int16>.allocate(capacity: Self.pieceSamples)
        piece.initialize(repeating: 0)
        return piece
    }

    private mutating func release(_ piece: UnsafeMutableBufferPointer<Int16>) {
        if spare == nil { spare = piece } else { piece.deallocate() }
    }
}
