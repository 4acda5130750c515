import AudioPipeline
import Testing

@Suite("Playout queue") struct PlayoutQueueTests {
    private static let first = Generation(rawValue: 1)
    private static let second = Generation(rawValue: 2)

    @Test("What is queued is read in order, frame by frame")
    func order() async {
        let queue = PlayoutQueue(rate: .hz24000)
        let sound = (0..<2_400).map { Int16($0) }
        #expect(await queue.enqueue(Array(sound[..<1_000]), generation: Self.first) == .queued)
        #expect(await queue.enqueue(Array(sound[1_000...]), generation: Self.first) == .queued)
        #expect(queue.queuedSamples == 2_400)
        #expect((0..<5).flatMap { _ in frame(queue).samples } == sound)
        #expect(frame(queue).read == nil)
    }

    @Test("The first frame after silence starts a talkspurt and the next does not")
    func talkspurt() async {
        let queue = PlayoutQueue(rate: .hz24000)
        _ = await queue.enqueue([Int16](repeating: 1, count: 960), generation: Self.first)
        #expect(frame(queue).read == PlayoutRead(generation: Self.first, samples: 480, startsTalkspurt: true))
        #expect(frame(queue).read == PlayoutRead(generation: Self.first, samples: 480, startsTalkspurt: false))
        #expect(frame(queue).read == nil)
        _ = await queue.enqueue([Int16](repeating: 1, count: 480), generation: Self.first)
        #expect(frame(queue).read?.startsTalkspurt == true)
    }

    @Test("A partial frame at the beginning waits one tick, then is played with silence behind it")
    func partialStart() async {
        let queue = PlayoutQueue(rate: .hz24000)
        _ = await queue.enqueue([Int16](repeating: 7, count: 100), generation: Self.first)
        #expect(frame(queue).read == nil)
        let (read, samples) = frame(queue)
        #expect(read == PlayoutRead(generation: Self.first, samples: 100, startsTalkspurt: true))
        #expect(samples == [Int16](repeating: 7, count: 100) + [Int16](repeating: 0, count: 380))
        #expect(queue.counters.paddedSamples == 380)
    }

    @Test("A partial frame in the middle is played at once with silence behind it")
    func partialTail() async {
        let queue = PlayoutQueue(rate: .hz24000)
        _ = await queue.enqueue([Int16](repeating: 7, count: 500), generation: Self.first)
        #expect(frame(queue).read?.samples == 480)
        #expect(frame(queue).read?.samples == 20)
        #expect(frame(queue).read == nil)
    }

    @Test("Running dry is counted when the same generation goes on, and playback resumes without buffering")
    func underrun() async {
        let queue = PlayoutQueue(rate: .hz24000)
        for _ in 0..<2 {
            _ = await queue.enqueue([Int16](repeating: 1, count: 480), generation: Self.first)
            #expect(frame(queue).read?.samples == 480)
            #expect(frame(queue).read == nil)
        }
        #expect(queue.counters.underruns == 1)
        _ = await queue.enqueue([Int16](repeating: 1, count: 480), generation: Self.second)
        #expect(frame(queue).read?.samples == 480)
        #expect(queue.counters.underruns == 1)
    }

    @Test("A frame never mixes generations")
    func generationBoundary() async {
        let queue = PlayoutQueue(rate: .hz24000)
        _ = await queue.enqueue([Int16](repeating: 1, count: 500), generation: Self.first)
        _ = await queue.enqueue([Int16](repeating: 2, count: 480), generation: Self.second)
        #expect(frame(queue).read?.samples == 480)
        #expect(frame(queue).samples == [Int16](repeating: 1, count: 20) + [Int16](repeating: 0, count: 460))
        #expect(frame(queue).read?.generation == Self.second)
    }

    @Test("A discard drops its generation, queued and offered later, and keeps the newer")
    func discard() async {
        let queue = PlayoutQueue(rate: .hz24000)
        _ = await queue.enqueue([Int16](repeating: 1, count: 960), generation: Self.first)
        _ = await queue.enqueue([Int16](repeating: 2, count: 480), generation: Self.second)
        queue.discard(Self.first)
        #expect(queue.queuedSamples == 480)
        #expect(await queue.enqueue([1, 1], generation: Self.first) == .discarded)
        #expect(queue.counters.discardedSamples == 962)
        #expect(frame(queue).read?.generation == Self.second)
    }

    @Test("A producer waits for room and all its samples are played in order")
    func credit() async {
        let queue = PlayoutQueue(rate: .hz24000, capacity: .milliseconds(60))
        let sound = (0..<24_000).map { Int16(truncatingIfNeeded: $0) }
        async let result = queue.enqueue(sound, generation: Self.first)
        var heard: [Int16] = []
        while heard.count < sound.count {
            #expect(queue.queuedSamples <= 1_440)
            let next = frame(queue)
            if let read = next.read { heard += next.samples.prefix(read.samples) } else { await Task.yield() }
        }
        #expect(await result == .queued)
        #expect(heard == sound)
    }

    @Test("Producers that wait are served in their order")
    func fairness() async {
        let queue = PlayoutQueue(rate: .hz24000, capacity: .milliseconds(20))
        _ = await queue.enqueue([Int16](repeating: 0, count: 480), generation: Self.first)
        let waiting = Task { await queue.enqueue([Int16](repeating: 1, count: 480), generation: Self.first) }
        #expect(frame(queue).samples.last == 0)
        #expect(await waiting.value == .queued)
        #expect(frame(queue).samples.last == 1)
    }

    @Test("What is discarded while it plays gets silent within 10 ms, without a step and without counting as played")
    func fade() async {
        let queue = PlayoutQueue(rate: .hz24000)
        _ = await queue.enqueue([Int16](repeating: 12_000, count: 4_800), generation: Self.first)
        _ = frame(queue)
        queue.discard(Self.first)
        _ = await queue.enqueue([Int16](repeating: 3, count: 480), generation: Self.second)
        let (read, samples) = frame(queue)
        #expect(read == PlayoutRead(generation: Self.first, samples: 0, startsTalkspurt: false))
        #expect(Signal.steepest([12_000] + samples) <= 50)
        #expect(samples[240...].allSatisfy { $0 == 0 })
        #expect(frame(queue).samples == [Int16](repeating: 3, count: 480))
        #expect(queue.counters.playedSamples == 960)
    }

    @Test("What was discarded before it played, or long after, is not heard at all")
    func noFade() async {
        let queue = PlayoutQueue(rate: .hz24000)
        _ = await queue.enqueue([Int16](repeating: 12_000, count: 480), generation: Self.first)
        queue.discard(Self.first)
        #expect(frame(queue).read == nil)
        _ = await queue.enqueue([Int16](repeating: 12_000, count: 480), generation: Self.second)
        _ = frame(queue)
        queue.discard(Self.second)
        #expect(frame(queue).read == nil)
    }

    @Test("A discard frees a producer that waits")
    func discardFrees() async {
        let queue = PlayoutQueue(rate: .hz24000, capacity: .milliseconds(20))
        let waiting = Task { await queue.enqueue([Int16](repeating: 1, count: 4_800), generation: Self.first) }
        await untilFull(queue)
        queue.discard(Self.first)
        #expect(await waiting.value == .discarded)
        #expect(queue.queuedSamples == 0)
        #expect(queue.counters.discardedSamples == 4_800)
    }

    @Test("A cancelled producer is freed and the next one gets its place")
    func cancellation() async {
        let queue = PlayoutQueue(rate: .hz24000, capacity: .milliseconds(20))
        let waiting = Task { await queue.enqueue([Int16](repeating: 1, count: 4_800), generation: Self.first) }
        await untilFull(queue)
        waiting.cancel()
        #expect(await waiting.value == .discarded)
        #expect(frame(queue).read?.samples == 480)
        #expect(await queue.enqueue([Int16](repeating: 2, count: 480), generation: Self.first) == .queued)
    }

    @Test("Closing frees every producer, drops the sound and may be repeated")
    func close() async {
        let queue = PlayoutQueue(rate: .hz24000, capacity: .milliseconds(20))
        let waiting = (0..<5).map { _ in
            Task { await queue.enqueue([Int16](repeating: 1, count: 4_800), generation: Self.first) }
        }
        await untilFull(queue)
        queue.close()
        queue.close()
        for task in waiting {
            #expect(await task.value == .closed)
        }
        #expect(await queue.enqueue([1], generation: Self.second) == .closed)
        #expect(frame(queue).read == nil)
    }

    @Test("Producers, reader and discards at once lose no sample without counting it")
    func contention() async {
        let queue = PlayoutQueue(rate: .hz24000, capacity: .milliseconds(40))
        let offered = 200 * 700
        let producer = Task {
            for number in 0..<200 {
                let generation = Generation(rawValue: UInt64(number / 20))
                if number % 20 == 0, number > 0 { queue.discard(Generation(rawValue: generation.rawValue - 1)) }
                _ = await queue.enqueue([Int16](repeating: 1, count: 700), generation: generation)
            }
            queue.close()
        }
        let reader = Task {
            while !Task.isCancelled {
                _ = frame(queue)
                await Task.yield()
            }
        }
        await producer.value
        reader.cancel()
        await reader.value
        let counters = queue.counters
        #expect(counters.playedSamples + counters.discardedSamples == UInt64(offered))
    }

    private func untilFull(_ queue: PlayoutQueue) async {
        while queue.queuedSamples < 480 {
            await Task.yield()
        }
    }
}

/// One tick at 24 kHz.
private func frame(_ queue: PlayoutQueue) -> (read: PlayoutRead?, samples: [Int16]) {
    var samples = [Int16](repeating: -1, count: 480)
    let read = samples.withUnsafeMutableBufferPointer { queue.read(into: $0) }
    return (read, samples)
}
