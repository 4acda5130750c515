import AudioPipeline
import Testing
import Wire

@Suite("Audio sender") struct AudioSenderTests {
    private static let generation = Generation(rawValue: 3)

    @Test(
        "Sound that is sent is heard by a receiver of the same codec",
        arguments: [AudioCodec.opus, .pcmu, .pcma], [SampleRate.hz16000, .hz24000])
    func roundTrip(codec: AudioCodec, rate: SampleRate) async throws {
        let sender = AudioSender(codec: codec, rate: rate)
        let queue = PlayoutQueue(rate: rate)
        let sound = Signal.tone(hertz: 440, samples: Int(rate.hertz), rate: rate)
        #expect(await queue.enqueue(sound, generation: Self.generation) == .queued)
        var call = try CallHarness(codec, rate: rate)
        for tick in 0..<50 {
            let (sent, payload) = try send(sender, queue)
            let frame = try #require(sent)
            #expect(frame.startsTalkspurt == (tick == 0))
            #expect(frame.generation == Self.generation)
            #expect(frame.playedSamples == rate.samples(in: .milliseconds(20)))
            call.receive(UInt16(tick), UInt32(tick) * sender.timestampIncrement, payload)
            call.advance(AudioSender.frameDuration)
        }
        #expect(try send(sender, queue).frame == nil)
        #expect(call.sound.count == sound.count)
        #expect(abs(Signal.frequency(of: call.sound[2_000...], rate: rate) - 440) < 2)
        #expect(sender.clock.encodeNanoseconds > 0)
    }

    @Test("The timestamp goes on by 20 ms of the codec's RTP clock")
    func increments() throws {
        #expect(AudioSender(codec: .opus, rate: .hz24000).timestampIncrement == 960)
        #expect(AudioSender(codec: .pcmu, rate: .hz24000).timestampIncrement == 160)
        #expect(AudioSender(codec: .pcma, rate: .hz8000).timestampIncrement == 160)
    }

    @Test("At a limit frames are coded as by an encoder made so, and never with more effort than it was made for")
    func complexity() async throws {
        let sound = Signal.tone(hertz: 440, samples: 4_800, rate: .hz24000)
        func coded(_ made: Int32, limit: Int32?, after frames: Int = 0) async throws -> [[UInt8]] {
            var settings = OpusEncoderSettings()
            settings.complexity = made
            let sender = AudioSender(codec: .opus, rate: .hz24000, encoder: settings)
            let queue = PlayoutQueue(rate: .hz24000)
            _ = await queue.enqueue(sound, generation: Self.generation)
            return try (0..<10).map { frame in
                if let limit, frame == frames { try sender.limit(EncoderEffort(complexity: limit)) }
                return try send(sender, queue).payload
            }
        }
        let least = try await coded(0, limit: nil)
        let most = try await coded(10, limit: nil)
        #expect(least != most)
        #expect(try await coded(10, limit: 0) == least)
        #expect(try await coded(10, limit: 10) == most)
        #expect(try await coded(0, limit: 10) == least)
        let changed = try await coded(10, limit: 0, after: 5)
        #expect(changed[..<5] == most[..<5])
        #expect(changed[5...] != most[5...])
    }

    /// The modes and bandwidths of a TOC byte's configurations (RFC 6716 §3.1, table 2).
    private static func configuration(of packet: [UInt8]) -> UInt8 { packet[0] >> 3 }

    @Test(
        "Held to wideband, what is above 8 kHz is coded no more, from the next frame on and by an encoder not made yet")
    func wideband() async throws {
        let sound = Signal.tone(hertz: 440, samples: 19_200, rate: .hz24000)
        let (superWideband, wideband): (ClosedRange<UInt8>, ClosedRange<UInt8>) = (12...13, 8...11)
        for first in [0, 20] {
            let sender = AudioSender(codec: .opus, rate: .hz24000)
            let queue = PlayoutQueue(rate: .hz24000)
            _ = await queue.enqueue(sound, generation: Self.generation)
            let frames = try (0..<40).map { frame in
                if frame == first { try sender.limit(EncoderEffort(complexity: 0, isWideband: true)) }
                return Self.configuration(of: try send(sender, queue).payload)
            }
            // libopus changes over within a few frames.
            #expect(frames[..<first].allSatisfy(superWideband.contains))
            #expect(frames[(first + 5)...].allSatisfy(wideband.contains))
        }
    }

    @Test("Frames carry no copy of those before until loss is reported, though the peer could use it")
    func noRedundancyUnasked() async throws {
        let sound = Signal.tone(hertz: 440, samples: 9_600, rate: .hz24000)
        func coded(_ settings: OpusEncoderSettings, loss: Double?) async throws -> [[UInt8]] {
            let sender = AudioSender(codec: .opus, rate: .hz24000, encoder: settings)
            var response = LossResponse(settings)
            if let loss { response.report(fractionLost: loss, roundTrip: nil) }
            try sender.follow(response.plan)
            let queue = PlayoutQueue(rate: .hz24000)
            _ = await queue.enqueue(sound, generation: Self.generation)
            return try (0..<20).map { _ in try send(sender, queue).payload }
        }
        var without = OpusEncoderSettings()
        without.inBandFEC = false
        for loss in [nil, 0.0] as [Double?] {
            #expect(try await coded(OpusEncoderSettings(), loss: loss) == coded(without, loss: loss))
        }
        #expect(try await coded(OpusEncoderSettings(), loss: 0.1) != coded(without, loss: 0.1))
    }

    @Test("What the network calls for before there is a first frame is what its encoder is made for")
    func followedEarly() async throws {
        let sound = Signal.tone(hertz: 440, samples: 4_800, rate: .hz24000)
        func coded(_ settings: OpusEncoderSettings, _ plan: LossResponse.Plan?) async throws -> [[UInt8]] {
            let sender = AudioSender(codec: .opus, rate: .hz24000, encoder: settings)
            if let plan { try sender.follow(plan) }
            let queue = PlayoutQueue(rate: .hz24000)
            _ = await queue.enqueue(sound, generation: Self.generation)
            return try (0..<10).map { _ in try send(sender, queue).payload }
        }
        var lossy = OpusEncoderSettings()
        lossy.bitrateBps = 16_000
        lossy.expectedLossPercent = 20
        let wanted = try await coded(lossy, nil)
        #expect(try await coded(OpusEncoderSettings(), nil) != wanted)
        let plan = LossResponse.Plan(expectedLossPercent: 20, bitrateBps: 16_000, redundancy: 0)
        #expect(try await coded(OpusEncoderSettings(), plan) == wanted)
    }

    @Test("Only what was queued counts as played in a padded frame")
    func padding() async throws {
        let sender = AudioSender(codec: .opus, rate: .hz24000)
        let queue = PlayoutQueue(rate: .hz24000)
        _ = await queue.enqueue([Int16](repeating: 0, count: 600), generation: Self.generation)
        #expect(try send(sender, queue).frame?.playedSamples == 480)
        #expect(try send(sender, queue).frame?.playedSamples == 120)
    }

    @Test("A queue of another rate is refused")
    func rateMismatch() throws {
        let sender = AudioSender(codec: .opus, rate: .hz24000)
        #expect(throws: AudioError.rateMismatch(queue: .hz16000, sender: .hz24000)) {
            try send(sender, PlayoutQueue(rate: .hz16000))
        }
    }

    @Test(
        "Sound that is echoed waits less than a frame in the queue, and no underrun adds to it",
        arguments: [(10_000, 0), (20_000, 0), (20_000, 3_000), (20_000, 9_000), (60_000, 0)])
    func echoLatency(frameMicroseconds: Int, jitterMicroseconds: Int) async throws {
        var generator = SeededGenerator(seed: 5)
        let queue = PlayoutQueue(rate: .hz24000)
        let block = SampleRate.hz24000.samples(in: .microseconds(frameMicroseconds))
        var arrivals = (0..<1_000).map { index in
            index * frameMicroseconds + Int(generator.next() % UInt64(jitterMicroseconds + 1))
        }
        // One packet in the middle is 40 ms late, which runs the queue dry; what it held up comes with it.
        arrivals[500] += 40_000
        for index in 501..<510 { arrivals[index] = max(arrivals[index], arrivals[500]) }
        var room = [Int16](repeating: 0, count: 480)
        var next = 0
        var depths: [Int] = []
        for tick in 0..<(arrivals.count * frameMicroseconds / 20_000) {
            while next < arrivals.count, arrivals[next] <= tick * 20_000 {
                _ = await queue.enqueue([Int16](repeating: 1, count: block), generation: Self.generation)
                next += 1
            }
            _ = room.withUnsafeMutableBufferPointer { queue.read(into: $0) }
            depths.append(queue.queuedSamples)
        }
        let before = depths[(depths.count / 4)..<(depths.count * 9 / 20)].max() ?? 0
        #expect(before < max(480, block))
        // The stall itself stays, as data that came late must; nothing comes on top of it.
        let after = depths[(depths.count * 3 / 4)...].max() ?? 0
        #expect(after <= before + 960)
    }

    @discardableResult
    private func send(_ sender: AudioSender, _ queue: PlayoutQueue) throws -> (frame: SentFrame?, payload: [UInt8]) {
        var frame: SentFrame?
        let payload = try [UInt8](unsafeUninitializedCapacity: 1_500) { room, count in
            frame = try sender.frame(from: queue, into: UnsafeMutableRawBufferPointer(room))
            count = frame?.bytes ?? 0
        }
        return (frame, payload)
    }
}
