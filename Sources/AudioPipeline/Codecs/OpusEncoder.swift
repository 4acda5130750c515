import COpus

/// A mono Opus encoder for speech (RFC 6716; VOIP application, voice signal, variable bit rate).
///
/// Owns the libopus state; used from one executor at a time. Allocates nothing after its making.
package final class OpusEncoder {
    private let state: OpaquePointer

    package init(_ settings: OpusEncoderSettings) throws(AudioError) {
        var code: Int32 = 0
        let made = opus_encoder_create(settings.rate.hertz, 1, OPUS_APPLICATION_VOIP, &code)
        guard let made, code == OPUS_OK else {
            throw .opus(code: code, operation: "opus_encoder_create")
        }
        state = made
        try set(OPUS_SET_BITRATE_REQUEST, settings.bitrateBps, "OPUS_SET_BITRATE")
        try set(OPUS_SET_COMPLEXITY_REQUEST, settings.complexity, "OPUS_SET_COMPLEXITY")
        try set(OPUS_SET_INBAND_FEC_REQUEST, settings.inBandFEC ? 1 : 0, "OPUS_SET_INBAND_FEC")
        try set(OPUS_SET_PACKET_LOSS_PERC_REQUEST, settings.expectedLossPercent, "OPUS_SET_PACKET_LOSS_PERC")
        try set(OPUS_SET_SIGNAL_REQUEST, OPUS_SIGNAL_VOICE, "OPUS_SET_SIGNAL")
    }

    deinit {
        opus_encoder_destroy(state)
    }

    /// Encodes one frame (mono Int16 at the settings' rate; 2.5, 5, 10, 20, 40 or 60 ms) and returns the bytes written.
    package func encode(
        _ pcm: UnsafeBufferPointer<Int16>, into output: UnsafeMutableRawBufferPointer
    ) throws(AudioError) -> Int {
        guard let samples = pcm.baseAddress, let room = output.assumingMemoryBound(to: UInt8.self).baseAddress else {
            throw .opus(code: OPUS_BAD_ARG, operation: "opus_encode")
        }
        let bytes = opus_encode(state, samples, Int32(clamping: pcm.count), room, Int32(clamping: output.count))
        guard bytes >= 0 else { throw .opus(code: bytes, operation: "opus_encode") }
        return Int(bytes)
    }

    /// Another rate and another expected loss (0 to 100) from the next frame on.
    package func adjust(bitrateBps: Int32, expectedLossPercent: Int32) throws(AudioError) {
        try set(OPUS_SET_BITRATE_REQUEST, bitrateBps, "OPUS_SET_BITRATE")
        try set(OPUS_SET_PACKET_LOSS_PERC_REQUEST, expectedLossPercent, "OPUS_SET_PACKET_LOSS_PERC")
    }

    /// Another effort from the next frame on.
    package func adjust(_ effort: EncoderEffort) throws(AudioError) {
        try set(OPUS_SET_COMPLEXITY_REQUEST, effort.complexity, "OPUS_SET_COMPLEXITY")
        let bandwidth = effort.isWideband ? OPUS_BANDWIDTH_WIDEBAND : OPUS_BANDWIDTH_FULLBAND
        try set(OPUS_SET_MAX_BANDWIDTH_REQUEST, bandwidth, "OPUS_SET_MAX_BANDWIDTH")
    }

    private func set(_ request: Int32, _ value: Int32, _ operation: String) throws(AudioError) {
        let code = parley_opus_encoder_set(state, request, value)
        guard code == OPUS_OK else { throw .opus(code: code, operation: operation) }
    }
}
