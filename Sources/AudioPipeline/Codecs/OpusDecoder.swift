import COpus

/// A mono Opus decoder (RFC 6716) that puts out Int16 at `rate` directly; stereo packets are mixed down by libopus.
///
/// Owns the libopus state; used from one executor at a time. Allocates nothing after its making.
package final class OpusDecoder {
    package let rate: SampleRate

    private let state: OpaquePointer

    /// - Parameter gain: of all that is put out, in 1/256 dB; at most 128 dB either way.
    package init(rate: SampleRate, gain: Int16 = 0) throws(AudioError) {
        var code: Int32 = 0
        guard let made = opus_decoder_create(rate.hertz, 1, &code), code == OPUS_OK else {
            throw .opus(code: code, operation: "opus_decoder_create")
        }
        state = made
        self.rate = rate
        if gain != 0 { _ = parley_opus_decoder_set(made, OPUS_SET_GAIN_REQUEST, Int32(gain)) }
    }

    deinit {
        opus_decoder_destroy(state)
    }

    /// Decodes one packet and returns the samples written (mono Int16 at `rate`, at most 120 ms).
    package func decode(
        _ packet: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        guard !packet.isEmpty else { throw .opus(code: OPUS_INVALID_PACKET, operation: "opus_decode") }
        return try run(packet, into: output, count: output.count, redundancy: false)
    }

    /// Makes up `samples` samples for lost packets from what was heard before; a multiple of 2.5 ms.
    package func conceal(
        samples: Int, into output: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        try run(UnsafeRawBufferPointer(start: nil, count: 0), into: output, count: samples, redundancy: false)
    }

    /// Restores the `samples` samples lost right before `packet` from its in-band redundancy (RFC 6716 §2.1.7) as far as
    /// that reaches, and conceals the rest; a multiple of 2.5 ms. The packet itself is decoded afterwards.
    package func recover(
        samples: Int, from packet: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        try run(packet, into: output, count: samples, redundancy: true)
    }

    /// Samples that `packet` decodes to at `rate`; nil when it is malformed or longer than 120 ms.
    package static func duration(of packet: UnsafeRawBufferPointer, at rate: SampleRate) -> Int? {
        guard let bytes = packet.assumingMemoryBound(to: UInt8.self).baseAddress, !packet.isEmpty else { return nil }
        let samples = opus_packet_get_nb_samples(bytes, Int32(clamping: packet.count), rate.hertz)
        return samples > 0 ? Int(samples) : nil
    }

    /// Forgets the sound so far, for a new source.
    package func reset() {
        _ = parley_opus_decoder_reset(state)
    }

    private func run(
        _ packet: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Int16>, count: Int, redundancy: Bool
    ) throws(AudioError) -> Int {
        guard count <= output.count, let room = output.baseAddress else {
            throw .oversized(have: count, limit: output.count)
        }
        let samples = opus_decode(
            state, packet.assumingMemoryBound(to: UInt8.self).baseAddress, Int32(clamping: packet.count),
            room, Int32(clamping: count), redundancy ? 1 : 0)
        guard samples >= 0 else { throw .opus(code: samples, operation: "opus_decode") }
        return Int(samples)
    }
}
