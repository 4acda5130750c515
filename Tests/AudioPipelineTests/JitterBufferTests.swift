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

    @Test("Two packets that changed places are put right without loss, once a network is known to do so")
    func reorder() {
        var buffer = JitterBuffer()
        stream(0..<50, into: &buffer, late: [20: .milliseconds(45)])
        // 50 is 30 ms late: what follows waits for it.
        insert([51], into: &buffer, at: .milliseconds(1_020))
        #expect(drain(&buffer, at: .milliseconds(1_029)).isEmpty)
        insert([50], into: &buffer, at: .milliseconds(1_030))
        #expect(drain(&buffer, at: .milliseconds(1_030)) == [.packet(50), .packet(51)])
    }

    @Test("Without jitter a packet that is missing is given up when the next one comes")
    func noPatience() {
        var buffer = JitterBuffer()
        stream(0..<50, into: &buffer)
        insert([51], into: &buffer, at: .milliseconds(1_020))
        #expect(drain(&buffer, at: .milliseconds(1_020)) == [.lost(1), .packet(51)])
        #expect(insert(50, into: &buffer, at: .milliseconds(1_025)) == .late)
    }

    @Test("A missing packet is waited for as long as the latest of the last two seconds were late")
    func patience() {
        var buffer = JitterBuffer()
        stream(0..<50, into: &buffer, late: [10: .milliseconds(50), 40: .milliseconds(70)])
        insert([51], into: &buffer, at: .milliseconds(1_020))
        #expect(drain(&buffer, at: .milliseconds(1_069)).isEmpty)
        #expect(buffer.nextDeadline == Self.base + .milliseconds(1_070))
        #expect(drain(&buffer, at: .milliseconds(1_070)) == [.lost(1), .packet(51)])
    }

    @Test("What was asked for is waited for as long as answers take, and no longer than the longest wait")
    func askedFor() {
        var buffer = JitterBuffer()
        stream(0..<50, into: &buffer)
        buffer.patience = .milliseconds(80)
        insert([51], into: &buffer, at: .milliseconds(1_020))
        #expect(drain(&buffer, at: .milliseconds(1_099)).isEmpty)
        insert([50], into: &buffer, at: .milliseconds(1_099))
        #expect(drain(&buffer, at: .milliseconds(1_099)) == [.packet(50), .packet(51)])
        buffer.patience = .seconds(1)
        insert([53], into: &buffer, at: .milliseconds(1_100))
        #expect(buffer.nextDeadline == Self.base + .milliseconds(1_340))
    }

    @Test("One packet of 64 that came later than all others is not waited for")
    func outlier() {
        var buffer = JitterBuffer()
        stream(0..<90, into: &buffer, late: [60: .milliseconds(200), 70: .milliseconds(30)])
        insert([91], into: &buffer, at: .milliseconds(1_820))
        #expect(buffer.nextDeadline == Self.base + .milliseconds(1_830))
    }

    @Test("Two seconds after a burst of jitter nothing waits for it any more")
    func backToNormal() {
        var buffer = JitterBuffer()
        stream(
            0..<130, into: &buffer,
            late: Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, .milliseconds(180 - 5 * $0)) }))
        insert([131], into: &buffer, at: .milliseconds(2_620))
        #expect(drain(&buffer, at: .milliseconds(2_620)) == [.lost(1), .packet(131)])
    }

    @Test("However late packets came, nothing waits for longer than 240 ms")
    func longestHold() {
        var buffer = JitterBuffer()
        stream(0..<50, into: &buffer, late: [40: .milliseconds(900)])
        insert([51], into: &buffer, at: .milliseconds(1_020))
        #expect(buffer.nextDeadline == Self.base + .milliseconds(1_260))
    }

    @Test("When every slot is taken the missing packet is given up")
    func slots() {
        var buffer = JitterBuffer()
        stream(0..<50, into: &buffer, late: [40: .milliseconds(900), 41: .milliseconds(900)])
        for sequence in 51..<82 as Range<Int64> {
            insert([sequence], into: &buffer, at: .milliseconds(1_020))
            #expect(drain(&buffer, at: .milliseconds(1_020)).isEmpty)
        }
        insert([82], into: &buffer, at: .milliseconds(1_020))
        #expect(drain(&buffer, at: .milliseconds(1_020)) == [.lost(1)] + (51...82).map { .packet($0) })
    }

    @Test("What another packet carries of a missing one takes its place at once")
    func restored() {
        var buffer = JitterBuffer()
        stream(0..<50, into: &buffer, late: [40: .milliseconds(80)])
        #expect(restore(51, into: &buffer, at: .milliseconds(1_040)))
        insert([52], into: &buffer, at: .milliseconds(1_040))
        #expect(drain(&buffer, at: .milliseconds(1_040)).isEmpty)
        #expect(restore(50, into: &buffer, at: .milliseconds(1_045)))
        #expect(drain(&buffer, at: .milliseconds(1_045)) == [.packet(50), .packet(51), .packet(52)])
        #expect(insert(51, into: &buffer, at: .milliseconds(1_050)) == .duplicate)
    }

    @Test("What another packet carries is left where it was heard, is held, is out of order, or nothing was heard yet")
    func notRestored() {
        var buffer = JitterBuffer()
        #expect(!restore(5, into: &buffer))
        stream(0..<50, into: &buffer, late: [40: .milliseconds(80)])
        #expect(!restore(49, into: &buffer))
        insert([51], into: &buffer, at: .milliseconds(1_020))
        #expect(!restore(51, into: &buffer))
        #expect(!restore(50, timestamp: 960 * 49, into: &buffer))
        #expect(!restore(5_000, into: &buffer))
    }

    @Test("A network that is not known yet is taken for one that delays by 40 ms")
    func unknown() {
        var buffer = JitterBuffer()
        insert([0, 2], into: &buffer, at: .zero)
        #expect(drain(&buffer) == [.packet(0)])
        #expect(buffer.nextDeadline == Self.base + .milliseconds(20))
        insert([1], into: &buffer, at: .milliseconds(19))
        #expect(drain(&buffer, at: .milliseconds(19)) == [.packet(1), .packet(2)])
    }

    @Test("A packet that came before is a duplicate, held or released")
    func duplicate() {
        var buffer = JitterBuffer()
        stream(0..<50, into: &buffer, late: [40: .milliseconds(80)])
        insert([51], into: &buffer, at: .milliseconds(1_020))
        #expect(insert(51, into: &buffer, at: .milliseconds(1_021)) == .duplicate)
        #expect(drain(&buffer, at: .milliseconds(1_021)).isEmpty)
        #expect(insert(49, into: &buffer) == .duplicate)
        #expect(insert(-1, into: &buffer) == .late)
    }

    @Test("A loss is given once, with its length", arguments: 1...5)
    func loss(packets: Int) {
        var buffer = JitterBuffer()
        stream(0..<50, into: &buffer)
        let next = UInt8(50 + packets)
        insert([Int64(next)], into: &buffer, at: .milliseconds(Int(next) * 20))
        #expect(drain(&buffer, at: .milliseconds(Int(next) * 20)) == [.lost(packets), .packet(next)])
    }

    @Test("A second gap has its own deadline")
    func secondGap() {
        var buffer = JitterBuffer()
        stream(0..<50, into: &buffer, late: [40: .milliseconds(50)])
        insert([51], into: &buffer, at: .milliseconds(1_020))
        insert([53], into: &buffer, at: .milliseconds(1_060))
        #expect(buffer.nextDeadline == Self.base + .milliseconds(1_050))
        #expect(drain(&buffer, at: .milliseconds(1_060)) == [.lost(1), .packet(51)])
        #expect(buffer.nextDeadline == Self.base + .milliseconds(1_090))
        #expect(drain(&buffer, at: .milliseconds(1_090)) == [.lost(1), .packet(53)])
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
        insert(Array(0..<32), into: &buffer)
        #expect(insert(32, into: &buffer) == .full)
        #expect(drain(&buffer) == (0..<32).map { .packet($0) })
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

    /// Packets every 20 ms and a drain after each; those named come so much later than the rest, and after others.
    private func stream(_ sequences: Range<Int>, into buffer: inout JitterBuffer, late: [Int: Duration] = [:]) {
        let arrivals = sequences.map { (at: Duration.milliseconds(20 * $0) + (late[$0] ?? .zero), sequence: $0) }
        for (time, sequence) in arrivals.sorted(by: { ($0.at, $0.sequence) < ($1.at, $1.sequence) }) {
            insert(Int64(sequence), into: &buffer, at: time)
            _ = drain(&buffer, at: time)
        }
    }

    private func restore(
        _ sequence: Int64, timestamp: Int64? = nil, into buffer: inout JitterBuffer, at time: Duration = .zero
    ) -> Bool {
        [UInt8(truncatingIfNeeded: sequence)].withUnsafeBytes {
            buffer.restore(
                sequence: sequence, timestamp: timestamp ?? sequence * 960, payload: $0, now: Self.base + time)
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
            case .packet(let packet): outputs.append(.packet(packet.payload.first ?? 0))
            case .lost(let packets, _): outputs.append(.lost(packets))
            }
        }
        return outputs
    }
}
