import Testing

@testable import AudioPipeline

@Suite("Block queue") struct BlockQueueTests {
    private func block(_ number: Int64) -> PCMBlock {
        PCMBlock(samples: [], rate: .hz24000, start: SampleIndex(rawValue: number))
    }

    private func numbers(_ queue: BlockQueue) async -> [Int64] {
        var numbers: [Int64] = []
        for await block in queue { numbers.append(block.start.rawValue) }
        return numbers
    }

    @Test("Blocks come in order, the oldest are dropped and told, and the end comes after the last")
    func order() async {
        let queue = BlockQueue(capacity: 2)
        #expect([1, 2, 3, 4].map { queue.append(block($0)) } == [true, true, false, false])
        queue.finish()
        queue.append(block(5))
        #expect(await numbers(queue) == [3, 4])
    }

    @Test("A reader that waits gets each block, and its end")
    func waiting() async {
        let queue = BlockQueue(capacity: 1)
        async let read = numbers(queue)
        for number in 1...3 as ClosedRange<Int64> {
            queue.append(block(number))
            while queue.count > 0 { await Task.yield() }
        }
        queue.finish()
        #expect(await read == [1, 2, 3])
    }

    @Test("A cancelled reader ends, waiting or not, and the next one goes on with what is there")
    func cancelled() async {
        let queue = BlockQueue(capacity: 4)
        let waiting = Task { await numbers(queue) }
        waiting.cancel()
        #expect(await waiting.value == [])
        queue.append(block(1))
        queue.finish()
        #expect(await numbers(queue) == [1])
    }
}
