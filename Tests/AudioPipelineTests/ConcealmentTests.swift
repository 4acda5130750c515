import AudioPipeline
import Testing
import Wire

@Suite("Concealment") struct ConcealmentTests {
    private static let tone = Signal.tone(hertz: 220, samples: 48_000, rate: .hz48000)

    @Test("A loss of up to 200 ms is filled to the sample", arguments: 1...10)
    func fills(packets: Int) throws {
        var call = try CallHarness()
        call.stream(
            try OpusSource().packets(of: Self.tone, each: .milliseconds(20)), lost: Set(20..<20 + packets))
        #expect(call.isContiguous)
        #expect(call.sound.count == 24_000)
        #expect(call.receiver.counters.lost == UInt64(packets))
        #expect(call.receiver.counters.concealedSamples == UInt64(packets) * 480)
    }

    @Test("A longer loss is concealed for 200 ms, then only the index goes on")
    func long() throws {
        var call = try CallHarness()
        call.stream(try OpusSource().packets(of: Self.tone, each: .milliseconds(20)), lost: Set(10..<35))
        let concealment = call.blocks[10]
        #expect(concealment.samples.count == 4_800)
        #expect(call.blocks[11].start == SampleIndex(rawValue: 35 * 960))
        #expect(call.blocks.last?.end == SampleIndex(rawValue: 48_000))
    }

    @Test("A loss within a mute conceals what was lost, not the mute")
    func withinMute() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        call.stream(Array(packets[..<10]))
        call.advance(.seconds(5))
        call.stream(Array(packets[11...]), first: 11, start: 11 * 960 + 240_000)
        #expect(call.receiver.counters.concealedSamples == 480)
        #expect(call.blocks[10].end == SampleIndex(rawValue: 11 * 960))
        #expect(call.blocks[11].start == SampleIndex(rawValue: 11 * 960 + 240_000))
    }

    @Test("At the deadline a loss without enough followers is concealed")
    func deadline() throws {
        let packets = try OpusSource().packets(of: Self.tone, each: .milliseconds(20))
        var call = try CallHarness()
        call.receive(0, 0, packets[0])
        call.receive(2, 1_920, packets[2])
        #expect(call.blocks.count == 1)
        call.now = try #require(call.receiver.nextDeadline)
        call.drain()
        #expect(call.sound.count == 1_440)
    }

    @Test("Opus conceals one frame at the level of the speech around it and without a click")
    func opusIsSmooth() throws {
        var call = try CallHarness()
        call.stream(try OpusSource().packets(of: Self.tone, each: .milliseconds(20)), lost: [25])
        expectSmooth(call.sound, lostAt: 25 * 480, length: 480)
    }

    @Test("G.711 conceals one frame at the level of the speech around it and without a click")
    func g711IsSmooth() throws {
        let sound = Signal.tone(hertz: 220, samples: 8_000, rate: .hz8000)
        let packets = stride(from: 0, to: sound.count, by: 160).map { companded(sound[$0..<$0 + 160]) }
        var call = try CallHarness(.pcmu, rate: .hz8000)
        call.stream(packets, step: 160, lost: [25])
        expectSmooth(call.sound, lostAt: 25 * 160, length: 160)
    }

    @Test("G.711 concealment begins without a click although the sound drifts between two periods")
    func g711SeamIsSmooth() throws {
        let voice = Signal.tone(hertz: 220, samples: 8_000, rate: .hz8000, amplitude: 3_000)
        let drift = Signal.tone(hertz: 30, samples: 8_000, rate: .hz8000, amplitude: 10_000)
        let sound = zip(voice, drift).map { $0 + $1 }
        let packets = stride(from: 0, to: sound.count, by: 160).map { companded(sound[$0..<$0 + 160]) }
        var call = try CallHarness(.pcmu, rate: .hz8000)
        call.stream(packets, step: 160, lost: [25])
        let seam = call.sound[(25 * 160 - 10)..<(25 * 160 + 10)]
        #expect(Signal.steepest(seam) < 2 * Signal.steepest(call.sound[..<(24 * 160)]))
    }

    @Test("G.711 concealment fades to silence within 60 ms")
    func g711Fades() throws {
        let sound = Signal.tone(hertz: 220, samples: 8_000, rate: .hz8000)
        let packets = stride(from: 0, to: sound.count, by: 160).map { companded(sound[$0..<$0 + 160]) }
        var call = try CallHarness(.pcmu, rate: .hz8000)
        call.stream(packets, step: 160, lost: Set(20..<28))
        #expect(call.sound[(20 * 160 + 480)..<(28 * 160)].allSatisfy { $0 == 0 })
        #expect(call.isContiguous)
    }

    @Test("Redundancy brings back a lost frame that neither the one before nor the one behind it resembles")
    func redundancy() throws {
        let lostFrame = 25
        let frames = (0..<50).flatMap { frame in
            Signal.tone(hertz: frame == lostFrame ? 900 : 300, samples: 960, rate: .hz48000)
        }
        let packets = try OpusSource(expectedLossPercent: 20).packets(of: frames, each: .milliseconds(20))
        var call = try CallHarness()
        call.stream(packets, lost: [lostFrame])
        // The codec's delay moves the frame by some milliseconds: its middle is well within it.
        let middle = call.sound[(lostFrame * 480 + 240)..<(lostFrame * 480 + 480)]
        #expect(abs(Signal.frequency(of: middle, rate: .hz24000) - 900) < 60)
        #expect(call.receiver.counters.concealedSamples == 480)
    }

    private func expectSmooth(_ sound: [Int16], lostAt start: Int, length: Int) {
        let before = sound[(start - 3 * length)..<(start - length)]
        let filled = sound[start..<start + length]
        let around = sound[(start - length)..<(start + 2 * length)]
        #expect(Signal.level(of: filled) > Signal.level(of: before) / 2)
        #expect(Signal.level(of: filled) < Signal.level(of: before) * 1.5)
        #expect(Signal.steepest(around) < 2 * Signal.steepest(before))
    }

    private func companded(_ samples: ArraySlice<Int16>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: samples.count) { room, count in
            count = samples.withUnsafeBufferPointer { G711.encode($0, .mu, into: UnsafeMutableRawBufferPointer(room)) }
        }
    }
}
