import CSpeexDSP

/// A streaming mono resampler (speexdsp, quality 3); its filter delays the sound by about 3 ms of the slower rate.
///
/// Owns the speexdsp state; used from one executor at a time. Between the rates of `SampleRate` every call whose input
/// is a whole number of milliseconds gives exactly input × to / from samples.
package final class Resampler {
    private static let quality: Int32 = 3

    private let state: OpaquePointer
    private let from: SampleRate
    private let to: SampleRate

    package init(from: SampleRate, to: SampleRate) throws(AudioError) {
        var code: Int32 = 0
        let made = speex_resampler_init(1, UInt32(from.hertz), UInt32(to.hertz), Self.quality, &code)
        guard let made, code == 0 else { throw .resampler(code: code) }
        state = made
        self.from = from
        self.to = to
    }

    deinit {
        speex_resampler_destroy(state)
    }

    /// Resamples all of `input` and returns the samples written; throws when `output` is too small, before any change.
    package func resample(
        _ input: UnsafeBufferPointer<Int16>, into output: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        guard !input.isEmpty else { return 0 }
        let most = outputCapacity(for: input.count)
        guard output.count >= most else { throw .oversized(have: most, limit: output.count) }
        var consumed = UInt32(clamping: input.count)
        var written = UInt32(clamping: output.count)
        let code = speex_resampler_process_int(
            state, 0, input.baseAddress, &consumed, output.baseAddress, &written)
        guard code == 0 else { throw .resampler(code: code) }
        return Int(written)
    }

    /// The most samples that `input` samples can become.
    package func outputCapacity(for input: Int) -> Int {
        let (fromHertz, toHertz) = (Int(from.hertz), Int(to.hertz))
        return (input * toHertz + fromHertz - 1) / fromHertz
    }

    /// Forgets the sound so far, for a new source.
    package func reset() {
        speex_resampler_reset_mem(state)
    }
}
