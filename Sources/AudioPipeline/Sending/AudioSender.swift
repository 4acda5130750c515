package import Wire

/// Sending: 20 ms frames from a playout queue, encoded.
///
/// Owned by the media loop of its peer, which calls it once per tick. Opus is fed at the queue's rate; for G.711 the
/// sound is resampled to 8 kHz. The encoder is made when there is a first frame: until then a call has none.
package final class AudioSender {
    /// What one tick sends.
    package static let frameDuration: Duration = .milliseconds(20)

    private enum Coder {
        case opus(OpusEncoder)
        case g711(G711.Law, Resampler?)
    }

    /// Added to the RTP timestamp every tick, whether or not a frame is sent: 20 ms of the codec's RTP clock.
    package let timestampIncrement: UInt32
    package private(set) var clock = CodecClock()

    private let codec: AudioCodec
    private let rate: SampleRate
    /// As it was asked for, but for what `follow` changed.
    private var settings: OpusEncoderSettings
    private var effort: EncoderEffort
    private var coder: Coder?
    private let frame: UnsafeMutableBufferPointer<Int16>
    /// The frame at 8 kHz.
    private let narrow: UnsafeMutableBufferPointer<Int16>

    /// Encodes for `codec` what is queued at `rate`; the encoder runs at that rate whatever its settings say.
    package init(codec: AudioCodec, rate: SampleRate, encoder: OpusEncoderSettings = OpusEncoderSettings()) {
        self.codec = codec
        self.rate = rate
        settings = encoder
        settings.rate = rate
        effort = EncoderEffort(complexity: settings.complexity)
        timestampIncrement = codec == .opus ? 960 : 160
        frame = .allocate(capacity: rate.samples(in: Self.frameDuration))
        narrow = .allocate(capacity: SampleRate.hz8000.samples(in: Self.frameDuration))
    }

    deinit {
        frame.deallocate()
        narrow.deallocate()
    }

    /// Encodes the next frame into `output`; nil when there is nothing to say, and then nothing is sent.
    package func frame(
        from queue: PlayoutQueue, into output: UnsafeMutableRawBufferPointer
    ) throws(AudioError) -> SentFrame? {
        guard queue.rate == rate else { throw .rateMismatch(queue: queue.rate, sender: rate) }
        guard let read = queue.read(into: frame) else { return nil }
        let bytes =
            switch try readyCoder() {
            case .opus(let encoder): try encodeOpus(encoder, into: output)
            case .g711(let law, let resampler): try encodeG711(law, resampler, into: output)
            }
        return SentFrame(
            bytes: bytes, startsTalkspurt: read.startsTalkspurt, generation: read.generation,
            playedSamples: read.samples)
    }

    /// Codes by `plan` from the next frame on; G.711 has nothing to adjust.
    package func follow(_ plan: LossResponse.Plan) throws(AudioError) {
        settings.bitrateBps = plan.bitrateBps
        settings.expectedLossPercent = plan.expectedLossPercent
        guard case .opus(let encoder)? = coder else { return }
        try encoder.adjust(bitrateBps: plan.bitrateBps, expectedLossPercent: plan.expectedLossPercent)
    }

    /// Codes with the effort of the settings or with `limit`, whichever is less, from the next frame on; G.711 has none.
    package func limit(_ limit: EncoderEffort) throws(AudioError) {
        let wanted = EncoderEffort(
            complexity: min(settings.complexity, limit.complexity), isWideband: limit.isWideband)
        guard wanted != effort else { return }
        if case .opus(let encoder)? = coder { try encoder.adjust(wanted) }
        effort = wanted
    }

    private func readyCoder() throws(AudioError) -> Coder {
        if let coder { return coder }
        let made: Coder =
            switch codec {
            case .opus: .opus(try madeEncoder())
            case .pcmu: .g711(.mu, try Self.narrowing(rate))
            case .pcma: .g711(.a, try Self.narrowing(rate))
            }
        coder = made
        return made
    }

    private func madeEncoder() throws(AudioError) -> OpusEncoder {
        let encoder = try OpusEncoder(settings)
        try encoder.adjust(effort)
        return encoder
    }

    private func encodeOpus(
        _ encoder: OpusEncoder, into output: UnsafeMutableRawBufferPointer
    ) throws(AudioError) -> Int {
        try clock.measureEncode { () throws(AudioError) -> Int in
            try encoder.encode(UnsafeBufferPointer(frame), into: output)
        }
    }

    private func encodeG711(
        _ law: G711.Law, _ resampler: Resampler?, into output: UnsafeMutableRawBufferPointer
    ) throws(AudioError) -> Int {
        try clock.measureEncode { () throws(AudioError) -> Int in
            var samples = UnsafeBufferPointer(frame)
            if let resampler {
                let count = try resampler.resample(samples, into: narrow)
                samples = UnsafeBufferPointer(rebasing: narrow[..<count])
            }
            guard output.count >= samples.count else {
                throw .oversized(have: samples.count, limit: output.count)
            }
            return G711.encode(samples, law, into: output)
        }
    }

    private static func narrowing(_ rate: SampleRate) throws(AudioError) -> Resampler? {
        rate == .hz8000 ? nil : try Resampler(from: rate, to: .hz8000)
    }
}
