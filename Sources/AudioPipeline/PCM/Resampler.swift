import CSpeexDSP

/// A streaming mono resampler (speexdsp, quality 3); its filter delays the sound by about 3 ms of the slower rate.
///
/// Owns the speexdsp state; used from one executor at a time. Between the rates of `SampleRate` every call whose input
/// is a whole number of milliseconds gives exactly input × to / from samples.
package final class Resampler {
    private static let quality: Int32 = 3

    private let state: OpaquePointer
    private let from: Int
    private let to: Int

    package convenience init(from: SampleRate, to: SampleRate) throws(AudioError) {
        try self.init(fromHertz: from.hertz, toHertz: to.hertz)
    }

    /// Between any two rates, for sound that is not ours; throws for one that is not positive.
    package init(fromHertz: Int32, toHertz: Int32) throws(AudioError) {
        var code: Int32 = 0
        let made = speex_resampler_init(1, UInt32(clamping: fromHertz), UInt32(clamping: toHertz), Self.quality, &code)
        guard let made, code == 0 else { throw .resampler(code: code) }
        state = made
        from = Int(fromHertz)
        to = Int(toHertz)
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
        (input * to + from - 1) / from
    }

    /// All of `input`, resampled.
    package func resample(_ input: [Int16]) throws(AudioError) -> [Int16] {
        var failure: AudioError?
        let output = [Int16](unsafeUninitializedCapacity: outputCapacity(for: input.count)) { output, count in
            do throws(AudioError) {
                count = try input.withUnsafeBufferPointer {
                    (input: UnsafeBufferPointer<Int16>) throws(AudioError) -> Int in
                    try resample(input, into: output)
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return output
    }

    /// Forgets the sound so far, for a new source.
    package func reset() {
        speex_resampler_reset_mem(state)
    }
}
