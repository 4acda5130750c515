import AudioPipeline
import Testing

@Suite("Jitter buffer") struct JitterBufferTests {
    /// What came out, with the one payload byte that names the packet.
    enum Output: Equatable {
        case packet(UInt8)
        case lost(Int)
    }

    private static let base = ContinuousClock.now

    @Test("Packets in order come out at once")
    func inOrder() {
        var buffer = JitterBuffer()
        for sequence in 0..<20 as Range<Int64> {
            #expect(insert(sequence, into: &buffer) == .accepted)
            #expect(drain(&buffer) == [.packet(UInt8(sequence))])
            #expect(buffer.nextDeadline == nil)
        }
    }

    @Test("Two packets that changed places are put right without loss")
    func reorder() {
        var buffer = JitterBuffer()
        insert([0, 2, 1, 3], into: &buffer)
        #expect(drain(&buffer) == [.packet(0), .packet(1), .packet(2), .packet(3)])
    }

    @Test("A packet that is three places late is given up")
    func tooLate() {
        var buffer = JitterBuffer()
        insert([0, 2, 3], into: &buffer)
        #expect(drain(&buffer) == [.packet(0)])
        insert([4], into: &buffer)
        #expect(drain(&buffer) == [.lost(1), .packet(2), .packet(3), .packet(4)])
        #expect(insert(1, into: &buffer) == .late)
    }

    @Test("A packet that came before is a duplicate, held or released")
    func duplicate() {
        var buffer = JitterBuffer()
        insert([0, 2], into: &buffer)
        #expect(insert(2, into: &buffer) == .duplicate)
        #expect(drain(&buffer) == [.packet(0)])
        #expect(insert(0, into: &buffer) == .duplicate)
        #expect(insert(-1, into: &buffer) == .late)
    }

    @Test("A loss is given once, with its length", arguments: 1...5)
    func loss(packets: Int) {
        var buffer = JitterBuffer()
        let next = Int64(packets) + 1
        insert([0, next, next + 1], into: &buffer)
        #expect(drain(&buffer) == [.packet(0)])
        insert([next + 2], into: &buffer)
        #expect(
            drain(&buffer) == [
                .lost(packets), .packet(UInt8(next)), .packet(UInt8(next + 1)), .packet(UInt8(next + 2)),
            ])
    }

    @Test("A loss without followers is given at the deadline, 40 ms after the gap was seen")
    func deadline() {
        var buffer = JitterBuffer()
        insert([0, 2], into: &buffer, at: .milliseconds(7))
        #expect(drain(&buffer, at: .milliseconds(7)) == [.packet(0)])
        #expect(buffer.nextDeadline == Self.base + .milliseconds(47))
        #expect(drain(&buffer, at: .milliseconds(46)).isEmpty)
        #expect(drain(&buffer, at: .milliseconds(47)) == [.lost(1), .packet(2)])
        #expect(buffer.nextDeadline == nil)
    }

    @Test("A second gap has its own deadline")
    func secondGap() {
        var buffer = JitterBuffer()
        insert([0, 2], into: &buffer)
        insert([4], into: &buffer, at: .milliseconds(30))
        #expect(drain(&buffer, at: .milliseconds(40)) == [.packet(0), .lost(1), .packet(2)])
        #expect(buffer.nextDeadline == Self.base + .milliseconds(70))
        #expect(drain(&buffer, at: .milliseconds(70)) == [.lost(1), .packet(4)])
    }

    @Test(
        "A jump of more than 1000 packets is a new run and not a loss", arguments: [1_002, 40_000, -1_001] as [Int64])
    func restart(jump: Int64) {
        var buffer = JitterBuffer()
        insert([0], into: &buffer)
        #expect(drain(&buffer) == [.packet(0)])
        #expect(insert(jump, into: &buffer) == .restarted)
        #expect(drain(&buffer) == [.packet(UInt8(truncatingIfNeeded: jump))])
    }

    @Test("A payload larger than a slot is refused and one that fits exactly is not")
    func oversized() {
        var buffer = JitterBuffer()
        #expect(insert(0, payload: [UInt8](repeating: 0, count: 1_501), into: &buffer) == .oversized)
        #expect(insert(0, payload: [UInt8](repeating: 9, count: 1_500), into: &buffer) == .accepted)
        #expect(drain(&buffer) == [.packet(9)])
    }

    @Test("Without a poll between, packets beyond the slots are refused and the rest stays whole")
    func full() {
        var buffer = JitterBuffer()
        insert(Array(0..<8), into: &buffer)
        #expect(insert(8, into: &buffer) == .full)
        #expect(drain(&buffer) == (0..<8).map { .packet($0) })
    }

    @Test("A reset forgets what was held and what was expected")
    func reset() {
        var buffer = JitterBuffer()
        insert([0, 2], into: &buffer)
        buffer.reset()
        #expect(buffer.nextDeadline == nil)
        insert([100], into: &buffer)
        #expect(drain(&buffer) == [.packet(100)])
    }

    @Test("Random packets never trap, and what comes out is in order", arguments: 0..<10 as Range<UInt64>)
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var buffer = JitterBuffer()
        var now = Self.base
        for _ in 0..<10_000 {
            let near = Int64.random(in: -20...20, using: &generator)
            let sequence = generator.next() % 16 == 0 ? Int64(bitPattern: generator.next()) : near
            let length = Int(generator.next() % 1_600)
            now += .milliseconds(Int(generator.next() % 30))
            [UInt8](repeating: 0, count: length).withUnsafeBytes {
                _ = buffer.insert(
                    sequence: sequence, timestamp: Int64(bitPattern: generator.next()), payload: $0, now: now)
            }
            guard generator.next() % 4 != 0 else { continue }
            while let output = buffer.poll(now: now) {
                if case .lost(let packets, _) = output { #expect((1...1_000).contains(packets)) }
            }
        }
    }

    @discardableResult
    private func insert(
        _ sequence: Int64, payload: [UInt8]? = nil, into buffer: inout JitterBuffer, at time: Duration = .zero
    ) -> JitterBufferVerdict {
        (payload ?? [UInt8(truncatingIfNeeded: sequence)]).withUnsafeBytes {
            buffer.insert(sequence: sequence, timestamp: sequence &* 960, payload: $0, now: Self.base + time)
        }
    }

    private func insert(_ sequences: [Int64], into buffer: inout JitterBuffer, at time: Duration = .zero) {
        for sequence in sequences {
            #expect(insert(sequence, into: &buffer, at: time) == .accepted)
        }
    }

    private func drain(_ buffer: inout JitterBuffer, at time: Duration = .zero) -> [Output] {
        var outputs: [Output] = []
        while let output = buffer.poll(now: Self.base + time) {
            switch output {
            case .packet(_, let payload): outputs.append(.packet(payload.first ?? 0))
            case .lost(let packets, _): outputs.append(.lost(packets))
            }
        }
        return outputs
    }
}
