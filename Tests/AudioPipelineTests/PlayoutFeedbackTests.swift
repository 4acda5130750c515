import AudioPipeline
import Testing

@Suite("Playout feedback") struct PlayoutFeedbackTests {
    private static let first = Generation(rawValue: 1)
    private static let second = Generation(rawValue: 2)
    private static let third = Generation(rawValue: 3)

    @Test("Totals grow per generation, padding not counted, and the last of one is told although another follows")
    func totals() async {
        let queue = PlayoutQueue(rate: .hz24000)
        queue.append([Int16](repeating: 1, count: 500), generation: Self.first)
        queue.append([Int16](repeating: 2, count: 960), generation: Self.second)
        for _ in 0..<3 { read(queue) }
        #expect(
            await queue.nextPlayed() == [
                PlayedAudio(generation: Self.first, samples: 500), PlayedAudio(generation: Self.second, samples: 480),
            ])
        read(queue)
        #expect(await queue.nextPlayed() == [PlayedAudio(generation: Self.second, samples: 960)])
    }

    @Test("Who waits for playback is told at the next frame, and told nothing when it is cancelled or the queue closes")
    func waiting() async {
        let queue = PlayoutQueue(rate: .hz24000)
        let told = Task { await queue.nextPlayed() }
        queue.append([Int16](repeating: 1, count: 960), generation: Self.first)
        read(queue)
        #expect(await told.value == [PlayedAudio(generation: Self.first, samples: 480)])
        let cancelled = Task { await queue.nextPlayed() }
        cancelled.cancel()
        #expect(await cancelled.value.isEmpty)
        let last = Task { await queue.nextPlayed() }
        queue.close()
        #expect(await last.value.isEmpty)
        #expect(await queue.nextPlayed().isEmpty)
    }

    @Test("Room is there once enough was played; more than the queue holds waits until it is empty")
    func room() async {
        let queue = PlayoutQueue(rate: .hz24000, capacity: .milliseconds(40))
        queue.append([Int16](repeating: 1, count: 960), generation: Self.first)
        let waiting = Task { await queue.room(for: 480, generation: Self.first) }
        read(queue)
        #expect(await waiting.value)
        let large = Task { await queue.room(for: 10_000, generation: Self.first) }
        read(queue)
        #expect(await large.value)
    }

    @Test("A discard frees who waits for room and a closed queue never has any")
    func noRoom() async {
        let queue = PlayoutQueue(rate: .hz24000, capacity: .milliseconds(20))
        queue.append([Int16](repeating: 1, count: 480), generation: Self.first)
        let waiting = Task { await queue.room(for: 480, generation: Self.first) }
        queue.discard(Self.first)
        #expect(await waiting.value == false)
        #expect(await queue.room(for: 1, generation: Self.first) == false)
        #expect(await queue.room(for: 480, generation: Self.second))
        queue.close()
        #expect(await queue.room(for: 1, generation: Self.second) == false)
    }

    @Test("A discard in the middle drops exactly that generation")
    func middle() {
        let queue = PlayoutQueue(rate: .hz24000)
        queue.append([Int16](repeating: 1, count: 480), generation: Self.first)
        queue.append([Int16](repeating: 2, count: 960), generation: Self.second)
        queue.append([Int16](repeating: 3, count: 480), generation: Self.third)
        queue.discard(Self.second)
        #expect(queue.queuedSamples == 960)
        #expect(read(queue) == Self.first)
        #expect(read(queue) == Self.third)
        #expect(read(queue) == nil)
        #expect(queue.counters.discardedSamples == 960)
    }

    @Test("What is appended without room is dropped and counted")
    func noCredit() {
        let queue = PlayoutQueue(rate: .hz24000, capacity: .milliseconds(20))
        queue.append([Int16](repeating: 1, count: 500), generation: Self.first)
        #expect(queue.queuedSamples == 480)
        #expect(queue.counters.discardedSamples == 20)
    }
}

/// One tick; whose frame it was.
@discardableResult
private func read(_ queue: PlayoutQueue) -> Generation? {
    var samples = [Int16](repeating: -1, count: 480)
    return samples.withUnsafeMutableBufferPointer { queue.read(into: $0) }?.generation
}
