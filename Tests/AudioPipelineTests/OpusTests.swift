import AudioPipeline
import Testing

@Suite("Opus") struct OpusTests {
    private static let rates: [SampleRate] = [.hz8000, .hz16000, .hz24000, .hz48000]

    @Test("A tone passes the encoder and the decoder at every rate", arguments: rates)
    func tone(rate: SampleRate) throws {
        var settings = OpusEncoderSettings()
        settings.rate = rate
        let encoder = try OpusEncoder(settings)
        let decoder = try OpusDecoder(rate: rate)
        let frame = rate.samples(in: .milliseconds(20))
        let sound = Signal.tone(hertz: 500, samples: frame * 50, rate: rate)
        var heard: [Int16] = []
        for begin in stride(from: 0, to: sound.count, by: frame) {
            let packet = try encode(Array(sound[begin..<begin + frame]), by: encoder)
            #expect(packet.withUnsafeBytes { OpusDecoder.duration(of: $0, at: rate) } == frame)
            heard += try decode(packet, by: decoder)
        }
        #expect(heard.count == sound.count)
        let steady = heard[(frame * 5)...]
        #expect(abs(Signal.frequency(of: steady, rate: rate) - 500) < 2)
        #expect(abs(Signal.level(of: steady) / Signal.level(of: sound[...]) - 1) < 0.2)
    }

    @Test("Durations of malformed and overlong packets are nil")
    func malformed() {
        // A code 3 packet (RFC 6716 §3.2.5) of 7 frames of 20 ms is 140 ms; one of none, and one without its count.
        for packet in [[], [0x0B, 0x07, 0, 0, 0, 0, 0, 0, 0], [0x0B, 0x00], [0x0B]] as [[UInt8]] {
            #expect(packet.withUnsafeBytes { OpusDecoder.duration(of: $0, at: .hz24000) } == nil)
        }
    }

    @Test("A malformed packet is an error with libopus's code and leaves the decoder usable")
    func refuses() throws {
        let decoder = try OpusDecoder(rate: .hz24000)
        #expect(throws: AudioError.opus(code: -4, operation: "opus_decode")) { try decode([], by: decoder) }
        #expect(throws: AudioError.opus(code: -4, operation: "opus_decode")) { try decode([0x0B, 0x00], by: decoder) }
        let packet = try OpusSource().packet(Signal.tone(hertz: 400, samples: 960, rate: .hz48000)[...])
        #expect(try decode(packet, by: decoder).count == 480)
    }

    @Test("A packet that does not fit is refused")
    func noRoom() throws {
        let decoder = try OpusDecoder(rate: .hz24000)
        let packet = try OpusSource().packet(Signal.tone(hertz: 400, samples: 960, rate: .hz48000)[...])
        #expect(throws: AudioError.opus(code: -2, operation: "opus_decode")) {
            try decode(packet, by: decoder, room: 100)
        }
        #expect(throws: AudioError.oversized(have: 480, limit: 100)) {
            var room = [Int16](repeating: 0, count: 100)
            _ = try room.withUnsafeMutableBufferPointer { try decoder.conceal(samples: 480, into: $0) }
        }
    }

    @Test("A frame of no legal length is an error of the encoder")
    func illegalFrame() throws {
        let encoder = try OpusEncoder(OpusEncoderSettings())
        #expect(throws: AudioError.opus(code: -1, operation: "opus_encode")) {
            try encode([Int16](repeating: 0, count: 479), by: encoder)
        }
        #expect(throws: AudioError.opus(code: -1, operation: "opus_encode")) { try encode([], by: encoder) }
    }

    private func encode(_ samples: [Int16], by encoder: OpusEncoder) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: 1_500) { room, count in
            count = try samples.withUnsafeBufferPointer {
                try encoder.encode($0, into: UnsafeMutableRawBufferPointer(room))
            }
        }
    }

    @discardableResult
    private func decode(_ packet: [UInt8], by decoder: OpusDecoder, room: Int = 5_760) throws -> [Int16] {
        try [Int16](unsafeUninitializedCapacity: room) { output, count in
            let output = UnsafeMutableBufferPointer(rebasing: output[..<room])
            count = try packet.withUnsafeBytes { try decoder.decode($0, into: output) }
        }
    }
}
