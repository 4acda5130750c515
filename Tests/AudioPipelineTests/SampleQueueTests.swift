import Testing

@testable import AudioPipeline

@Suite("Sample queue") struct SampleQueueTests {
    private static let piece = SampleQueue.pieceSamples
    private static let fiveSeconds = 120_000

    @Test("An unused queue holds no memory, whatever its capacity")
    func unused() {
        let queue = SampleQueue(capacity: Self.fiveSeconds)
        #expect(queue.reservedSamples == 0)
    }

    @Test("Memory follows what is queued, and a queue played empty keeps two pieces at most")
    func memory() {
        var queue = SampleQueue(capacity: Self.fiveSeconds)
        let sound = [Int16](repeating: 3, count: Self.fiveSeconds + 500)
        #expect(queue.append(sound[...]) == Self.fiveSeconds)
        #expect(queue.room == 0)
        #expect(queue.reservedSamples >= Self.fiveSeconds)
        #expect(queue.reservedSamples < Self.fiveSeconds + Self.piece)
        for frame in 0..<(Self.fiveSeconds / 480) {
            #expect(take(480, from: &queue) == [Int16](repeating: 3, count: 480))
            let left = Self.fiveSeconds - 480 * (frame + 1)
            #expect(queue.reservedSamples < left + 3 * Self.piece)
        }
        #expect(queue.count == 0)
        #expect(queue.reservedSamples <= 2 * Self.piece)
    }

    @Test("A steady stream goes round in the same pieces")
    func steady() {
        var queue = SampleQueue(capacity: Self.fiveSeconds)
        var next: Int16 = 0
        var expected: Int16 = 0
        for _ in 0..<1_000 {
            let block = (0..<480).map { _ in
                defer { next &+= 1 }
                return next
            }
            #expect(queue.append(block[...]) == 480)
            if queue.count < 960 { continue }
            for sample in take(480, from: &queue) {
                #expect(sample == expected)
                expected &+= 1
            }
            #expect(queue.reservedSamples <= 3 * Self.piece)
        }
    }

    @Test("Samples come out in order whatever the sizes they come and go in")
    func order() {
        var queue = SampleQueue(capacity: 3 * Self.piece - 100)
        var (written, readBack): ([Int16], [Int16]) = ([], [])
        for round in 0..<2_000 {
            let size = round * 7_919 % (2 * Self.piece)
            let block = (0..<size).map { Int16(truncatingIfNeeded: round &* 31 &+ $0) }
            let taken = queue.append(block[...])
            written += block.prefix(taken)
            let some = round * 104_729 % (queue.count + 1)
            if round % 5 == 0 {
                queue.drop(some)
                readBack += written[readBack.count..<readBack.count + some]
            } else {
                readBack += take(some, from: &queue)
            }
            #expect(queue.count == written.count - readBack.count)
        }
        #expect(readBack[...] == written.prefix(readBack.count))
    }

    private func take(_ count: Int, from queue: inout SampleQueue) -> [Int16] {
        [Int16](unsafeUninitializedCapacity: count) { buffer, initialized in
            let room = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            room.initialize(repeating: -1)
            queue.take(into: room)
            initialized = count
        }
    }
}
