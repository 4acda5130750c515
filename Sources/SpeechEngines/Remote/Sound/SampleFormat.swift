/// How linear samples stand in a byte stream, little-endian and channel by channel.
struct SampleFormat: Equatable {
    enum Encoding: Equatable {
        /// With 128 as silence, as WAVE has it.
        case unsigned8
        case signed16
        case signed24
        case signed32
        case float32
        case float64
    }

    static let channelRange = 1...8

    var encoding: Encoding
    var channels: Int
    var hertz: Int

    /// Nil for what no voice sends.
    init?(_ encoding: Encoding, channels: Int, hertz: Int) {
        guard Self.channelRange.contains(channels), VoiceFormat.rawHertzRange.contains(hertz) else { return nil }
        self.encoding = encoding
        self.channels = channels
        self.hertz = hertz
    }

    var frameBytes: Int { channels * sampleBytes }

    private var sampleBytes: Int {
        switch encoding {
        case .unsigned8: 1
        case .signed16: 2
        case .signed24: 3
        case .signed32, .float32: 4
        case .float64: 8
        }
    }

    /// The mean of the channels, of whole frames.
    func mono(_ bytes: ArraySlice<UInt8>) -> [Int16] {
        (0..<bytes.count / frameBytes).map { frame in
            var sum = 0
            for channel in 0..<channels {
                sum += Int(sample(bytes, bytes.startIndex + frame * frameBytes + channel * sampleBytes))
            }
            return Int16(clamping: sum / channels)
        }
    }

    private func sample(_ bytes: ArraySlice<UInt8>, _ at: Int) -> Int16 {
        switch encoding {
        case .unsigned8: Int16(Int(bytes[at]) - 128) << 8
        case .signed16: Int16(truncatingIfNeeded: bits(bytes, at, 2))
        case .signed24: Int16(truncatingIfNeeded: bits(bytes, at, 3) >> 8)
        case .signed32: Int16(truncatingIfNeeded: bits(bytes, at, 4) >> 16)
        case .float32: Self.scaled(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits(bytes, at, 4)))))
        case .float64: Self.scaled(Double(bitPattern: bits(bytes, at, 8)))
        }
    }

    private func bits(_ bytes: ArraySlice<UInt8>, _ at: Int, _ count: Int) -> UInt64 {
        (0..<count).reduce(0) { $0 | UInt64(bytes[at + $1]) << (8 * $1) }
    }

    /// Full scale is one; what is no number is silence.
    private static func scaled(_ value: Double) -> Int16 {
        value.isNaN ? 0 : Int16(max(-32_768, min(32_767, (value * 32_768).rounded())))
    }
}
