import SessionEngine
import Testing

@testable import VoiceSession

@Suite("Audio ring") struct AudioRingTests {
    @Test("Samples come back from their positions, across pieces, and as far as they are held")
    func positions() {
        var ring = AudioRing()
        let sound = (0..<100_000).map { Int16(truncatingIfNeeded: $0) }
        for start in stride(from: 0, to: sound.count, by: 777) {
            ring.append(sound[start..<min(start + 777, sound.count)])
        }
        #expect(ring.samples(in: 23_990..<24_010) == Array(sound[23_990..<24_010]))
        #expect(ring.samples(in: 99_990..<200_000) == Array(sound[99_990...]))
        ring.release(before: 50_001)
        #expect(ring.samples(in: 0..<50_003) == Array(sound[50_001..<50_003]))
        #expect(ring.endPosition == AudioPosition(rawValue: 200_000))
    }

    @Test("At most six minutes are held: the oldest go, are counted, and the timeline goes on")
    func limit() {
        var ring = AudioRing()
        let minute = [Int16](repeating: 1, count: 24_000 * 60)
        for _ in 0..<7 { ring.append(minute[...]) }
        #expect(ring.end - ring.start == 24_000 * 360)
        #expect(ring.dropped == 24_000 * 60)
        #expect(ring.endPosition == AudioPosition(ms: 420_000))
        #expect(ring.samples(in: 0..<24_000 * 60 + 1).count == 1)
    }

    @Test("One append longer than the ring leaves its end")
    func longAppend() {
        var ring = AudioRing()
        let sound = [Int16](repeating: 1, count: 24_000 * 360) + [2, 3]
        ring.append(sound[...])
        #expect(ring.dropped == 2)
        #expect(ring.samples(in: ring.end - 2..<ring.end) == [2, 3])
    }

    @Test("What is released twice, or before it came, changes nothing else")
    func release() {
        var ring = AudioRing()
        ring.append([1, 2, 3])
        ring.release(before: 100)
        ring.release(before: 1)
        #expect(ring.start == 3)
        ring.appendSilence(2)
        #expect(ring.samples(in: 0..<10) == [0, 0])
        #expect(ring.dropped == 0)
    }
}
