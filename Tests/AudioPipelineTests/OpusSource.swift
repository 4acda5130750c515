import AudioPipeline
import COpus
import Testing

/// A sender's Opus stream: one encoder, mono or stereo, with frames of any legal length.
final class OpusSource {
    let rate = SampleRate.hz48000
    let channels: Int
    private let state: OpaquePointer

    init(channels: Int = 1, expectedLossPercent: Int32 = 0) throws {
        var code: Int32 = 0
        state = try #require(opus_encoder_create(48_000, Int32(channels), OPUS_APPLICATION_VOIP, &code))
        self.channels = channels
        _ = parley_opus_encoder_set(state, OPUS_SET_BITRATE_REQUEST, 32_000)
        _ = parley_opus_encoder_set(state, OPUS_SET_INBAND_FEC_REQUEST, 1)
        _ = parley_opus_encoder_set(state, OPUS_SET_PACKET_LOSS_PERC_REQUEST, expectedLossPercent)
        _ = parley_opus_encoder_set(state, OPUS_SET_SIGNAL_REQUEST, OPUS_SIGNAL_VOICE)
    }

    deinit {
        opus_encoder_destroy(state)
    }

    /// Encodes one frame of interleaved samples.
    func packet(_ samples: ArraySlice<Int16>) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1_500)
        let pcm = Array(samples)
        let length = opus_encode(state, pcm, Int32(pcm.count / channels), &bytes, Int32(bytes.count))
        try #require(length > 0)
        return Array(bytes.prefix(Int(length)))
    }

    /// Cuts `samples` into frames of `duration` and encodes each; the same sound on every channel.
    func packets(of samples: [Int16], each duration: Duration) throws -> [[UInt8]] {
        let frame = rate.samples(in: duration)
        return try stride(from: 0, through: samples.count - frame, by: frame).map { begin in
            let mono = samples[begin..<begin + frame]
            return try packet(channels == 1 ? mono : mono.flatMap { [$0, $0] }[...])
        }
    }
}
