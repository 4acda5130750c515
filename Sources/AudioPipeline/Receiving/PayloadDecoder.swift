import Wire

/// The decoder of a receiver's codec; all counts are mono samples at the receiver's rate.
enum PayloadDecoder {
    case opus(OpusDecoder)
    case g711(G711Decoder)

    init(_ codec: AudioCodec, rate: SampleRate) throws(AudioError) {
        switch codec {
        case .opus: self = .opus(try OpusDecoder(rate: rate))
        case .pcmu: self = .g711(try G711Decoder(.mu, rate: rate))
        case .pcma: self = .g711(try G711Decoder(.a, rate: rate))
        }
    }

    /// Samples in `payload`; nil when it is malformed.
    func duration(of payload: UnsafeRawBufferPointer) -> Int? {
        switch self {
        case .opus(let decoder): OpusDecoder.duration(of: payload, at: decoder.rate)
        case .g711(let decoder): decoder.duration(of: payload)
        }
    }

    func decode(
        _ payload: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        switch self {
        case .opus(let decoder): try decoder.decode(payload, into: output)
        case .g711(let decoder): try decoder.decode(payload, into: output)
        }
    }

    func conceal(
        samples: Int, into output: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        switch self {
        case .opus(let decoder): try decoder.conceal(samples: samples, into: output)
        case .g711(let decoder): try decoder.conceal(samples: samples, into: output)
        }
    }

    /// Restores what was lost right before `payload`, where the codec can, and makes up the rest.
    func recover(
        samples: Int, from payload: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        switch self {
        case .opus(let decoder): try decoder.recover(samples: samples, from: payload, into: output)
        case .g711(let decoder): try decoder.conceal(samples: samples, into: output)
        }
    }

    func reset() {
        switch self {
        case .opus(let decoder): decoder.reset()
        case .g711(let decoder): decoder.reset()
        }
    }
}
