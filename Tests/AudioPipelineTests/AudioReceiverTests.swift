import AudioPipeline
import Testing
import Wire

@Suite("Audio receiver") struct AudioReceiverTests {
    private static let tone = Signal.tone(hertz: 440, samples: 48_000, rate: .hz48000)

    @Test(
        "Opus frames of every length arrive whole, on time and contiguous",
        arguments: [2_500, 5_000, 10_000, 20_000, 40_000, 60_000, 120_000])
    func frameLengths(microseconds: Int) throws {
        let frame = Duration.microseconds(microseconds)
        let packets = try OpusSource().packets(of: Self.tone, each: frame)
        var call = try CallHarness()
        call.stream(packets, step: UInt32(SampleRate.hz48000.samples(in: frame)), every: frame)
        let samples = SampleRate.hz24000.samples(in: frame)
        #expect(call.blocks.map(\.samples.count) == packets.map { _ in samples })
        #expect(call.blocks.first?.start == SampleIndex(rawValue: 0))
        #expect(call.isContiguous)
        #expect(abs(Signal.frequency(of: call.sound[2_400...], rate: .hz24000) - 440) < 2)
        #expect(call.receiver.counters == counters { $0.packets = UInt64(packets.count) })
        #expect(call.receiver.clock.decodeNanoseconds > 0)
    }

    @Test("Stereo is mixed down to one channel of the same length and level")
    func stereo() throws {
        var call = try CallHarness()
        call.stream(try OpusSource(channels: 2).packets(of: Self.tone, each: .milliseconds(20)))
        #expect(call.sound.count == 24_000)
        let level = Signal.level(of: call.sound[2_400...])
        #expect(abs(level / Signal.level(of: Self.tone[...]) - 1) < 0.2)
    }

    @Test("G.711 comes out at the wanted rate", arguments: [AudioCodec.pcmu, .pcma])
    func g711(codec: AudioCodec) throws {
        for rate in [SampleRate.hz8000, .hz16000, .hz24000, .hz48000] {
            var call = try CallHarness(codec, rate: rate)
            call.stream(companded(codec, seconds: 1), step: 160)
            #expect(call.sound.count == Int(rate.hertz))
            #expect(call.isContiguous)
            #expect(abs(Signal.frequency(of: call.sound[800...], rate: rate) - 440) < 2)
        }
    }

    @Test("Sequence number and timestamp wrap without a trace")
    func wrap() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        call.stream(packets, first: 65_530, start: UInt32.max - 5_000)
        #expect(call.sound.count == 24_000)
        #expect(call.isContiguous)
        #expect(call.receiver.counters == counters { $0.packets = 50 })
    }

    @Test("A reordered, a repeated and a late packet leave the sound whole and are counted")
    func disorder() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        for index in [0, 2, 1, 3, 3, 4, 6, 7, 8, 5, 9] {
            call.receive(UInt16(index), UInt32(index) * 960, packets[index])
            call.advance(.milliseconds(20))
        }
        #expect(call.sound.count == 4_800)
        #expect(call.isContiguous)
        let seen = call.receiver.counters
        #expect(seen.duplicates == 1)
        #expect(seen.lost == 1)
        #expect(seen.late == 1)
        #expect(seen.concealedSamples == 480)
    }

    @Test("A muted hour (sequence goes on, timestamp jumps) advances the index by an hour and nothing else")
    func longMute() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        call.stream(Array(packets[..<10]))
        call.advance(.seconds(3_600))
        call.stream(Array(packets[10...]), first: 10, start: 9_600 + 172_800_000)
        #expect(call.blocks[9].end == SampleIndex(rawValue: 9_600))
        #expect(call.blocks[10].start == SampleIndex(rawValue: 9_600 + 172_800_000))
        #expect(call.receiver.counters == counters { $0.packets = 50 })
    }

    @Test("A timestamp that jumps back or further ahead than time did lets the clock go on by the time that passed")
    func timestampJump() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        for jump in [2_000_000_000, 500_000, 4_294_000_000] as [UInt32] {
            var call = try CallHarness()
            call.stream(Array(packets[..<10]), start: 1_000)
            call.advance(.milliseconds(100))
            call.stream(Array(packets[10...]), first: 10, start: 1_000 &+ jump)
            #expect(call.blocks[10].start == SampleIndex(rawValue: 9_600 + 4_800))
            #expect(call.blocks.last?.end == SampleIndex(rawValue: 48_000 + 4_800))
            #expect(call.receiver.counters == counters { ($0.packets, $0.timestampJumps) = (50, 1) })
        }
    }

    @Test("A source that stopped its clock while it was silent is back on time some seconds later, and stays whole")
    func stoppedClock() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        call.stream(packets)
        call.advance(.seconds(60))
        for second in 1...4 as ClosedRange<UInt16> {
            call.stream(packets, first: second * 50, start: UInt32(second) * 48_000)
        }
        #expect(call.blocks.last?.end == SampleIndex(rawValue: 65 * 48_000))
        #expect(call.blocks.reduce(0) { $0 + $1.samples.count } == 5 * 24_000)
        #expect(call.receiver.counters == counters { ($0.packets, $0.timestampJumps) = (250, 1) })
    }

    @Test("Packets that the network held up for three seconds and brings all at once leave no gap")
    func stall() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        call.stream(packets)
        call.advance(.seconds(3))
        for second in 1...3 as ClosedRange<UInt16> {
            call.stream(packets, first: second * 50, start: UInt32(second) * 48_000, every: .zero)
        }
        call.stream(packets, first: 200, start: 4 * 48_000)
        #expect(call.isContiguous)
        #expect(call.blocks.last?.end == SampleIndex(rawValue: 5 * 48_000))
    }

    @Test("What is lost comes back from the packets that repeat it, without a sound made up")
    func red() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        let writer = RedundancyWriter()
        for (index, packet) in packets.enumerated() {
            var bytes = packet + [UInt8](repeating: 0, count: 1_000)
            let timestamp = UInt32(index) * 960
            let length = bytes.withUnsafeMutableBytes {
                writer.write(
                    packet.count, timestamp: timestamp, payloadType: PayloadType(111), depth: 2, into: $0)
            }
            if ![10, 20, 21, 30, 31, 32].contains(index) {
                call.receiveRedundant(UInt16(index), timestamp, Array(bytes.prefix(length ?? 0)), plain: packet)
            }
            call.advance(.milliseconds(20))
        }
        #expect(call.isContiguous)
        #expect(call.sound.count == 24_000)
        #expect(call.receiver.counters.restored == 5)
        #expect(call.receiver.counters.lost == 1)
        #expect(call.receiver.counters.concealedSamples == 480)
    }

    @Test("A new source goes on where the clock stood plus the time that passed")
    func newSource() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        call.stream(Array(packets[..<10]), first: 500, start: 77_777)
        call.advance(.milliseconds(400))
        call.receiver.restart(now: call.now)
        call.stream(Array(packets[10...]), first: 9, start: 4_000_000_000)
        #expect(call.blocks[10].start == SampleIndex(rawValue: 9_600 + 19_200))
        #expect(call.blocks.last?.end == SampleIndex(rawValue: 48_000 + 19_200))
        #expect(call.receiver.counters == counters { $0.packets = 50 })
    }

    @Test("A new source without a pause follows without a gap")
    func newSourceAtOnce() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        call.stream(Array(packets[..<10]))
        call.receiver.restart(now: call.now)
        call.stream(Array(packets[10...]), first: 30_000, start: 5)
        #expect(call.isContiguous)
    }

    @Test("Malformed payloads are counted, the sound around them stays in its place")
    func malformed() throws {
        var packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        packets[10] = []
        packets[20] = [0x0B, 0x00]
        packets[30] = [UInt8](repeating: 0xFF, count: 1_501)
        var call = try CallHarness()
        call.stream(packets)
        #expect(call.receiver.counters.undecodable == 2)
        #expect(call.receiver.counters.oversized == 1)
        #expect(call.blocks.last?.end == SampleIndex(rawValue: 48_000))
    }

    @Test("A jump of the sequence number alone is a restart and no loss")
    func sequenceRestart() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        call.stream(Array(packets[..<10]))
        call.stream(Array(packets[10...]), first: 20_000, start: 9_600)
        #expect(call.isContiguous)
        #expect(call.receiver.counters == counters { ($0.packets, $0.sequenceRestarts) = (50, 1) })
    }

    @Test("Sound that comes faster than it can be heard is dropped and counted once a burst's worth is in")
    func tooFast() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        for round in 0..<20 as Range<UInt16> {
            call.stream(packets, first: round * 50, start: UInt32(round) * 48_000, every: .zero)
        }
        #expect(call.blocks.last.map { $0.end <= SampleIndex(rawValue: 2 * 48_000 + 960 * 2) } == true)
        #expect(call.receiver.counters.ahead == 1_000 - UInt64(call.blocks.count))
        call.advance(.seconds(20))
        call.stream(packets, first: 1_000, start: 20 * 48_000)
        #expect(call.receiver.counters.ahead == 1_000 - UInt64(call.blocks.count - 50))
        #expect(call.blocks.last?.end == SampleIndex(rawValue: 21 * 48_000))
    }

    @Test("Timestamps that leap with every packet do not bring the clock ahead of time by more than a burst")
    func leaps() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        for round in 0..<10 as Range<UInt16> {
            call.stream(packets, first: round * 50, start: UInt32(round) * 50 * 90_000, step: 90_000)
        }
        let passed: Int64 = 10 * 48_000
        #expect(call.blocks.last.map { $0.end.rawValue <= passed + passed / 100 + 2 * 48_000 + 960 } == true)
    }

    @Test("A sender whose clock is half a percent fast is heard whole for a quarter of an hour")
    func fastClock() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness(rate: .hz8000)
        for second in 0..<900 {
            call.stream(
                packets, first: UInt16(truncatingIfNeeded: second * 50), start: UInt32(second) * 48_000,
                every: .microseconds(19_900))
            call.blocks.removeAll()
        }
        #expect(call.receiver.counters == counters { $0.packets = 45_000 })
    }

    @Test("10,000 random packets never trap, and the clock only goes forward", arguments: 0..<3 as Range<UInt64>)
    func random(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let codec = [AudioCodec.opus, .pcmu, .pcma][Int(seed % 3)]
        let good = codec == .opus ? try OpusSource().packets(of: Self.tone, each: .milliseconds(20)) : [[1, 2, 3]]
        var call = try CallHarness(codec)
        var sequence: UInt16 = 0
        for _ in 0..<10_000 {
            let step = generator.next() % 50 == 0 ? generator.next() : generator.next() % 4
            sequence &+= UInt16(truncatingIfNeeded: step)
            let length = generator.next() % 50 == 0 ? 1_600 : generator.next() % 90
            let noise = (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let isGood = generator.next() % 2 == 0
            let timestamp = generator.next() % 50 == 0 ? UInt64(generator.next()) : UInt64(sequence) * 960
            let payload = isGood ? good[Int(generator.next() % UInt64(good.count))] : noise
            call.receive(sequence, UInt32(truncatingIfNeeded: timestamp), payload)
            call.advance(.milliseconds(Int(generator.next() % 40)))
            if generator.next() % 500 == 0 { call.receiver.restart(now: call.now) }
        }
        #expect(call.receiver.counters.packets == 10_000)
        #expect(zip(call.blocks, call.blocks.dropFirst()).allSatisfy { $0.end <= $1.start })
    }

    private func counters(_ change: (inout AudioReceiverCounters) -> Void) -> AudioReceiverCounters {
        var counters = AudioReceiverCounters()
        change(&counters)
        return counters
    }

    private func companded(_ codec: AudioCodec, seconds: Int) -> [[UInt8]] {
        let sound = Signal.tone(hertz: 440, samples: 8_000 * seconds, rate: .hz8000)
        return stride(from: 0, to: sound.count, by: 160).map { begin in
            [UInt8](unsafeUninitializedCapacity: 160) { room, count in
                count = sound[begin..<begin + 160].withUnsafeBufferPointer {
                    G711.encode($0, codec == .pcmu ? .mu : .a, into: UnsafeMutableRawBufferPointer(room))
                }
            }
        }
    }
}
