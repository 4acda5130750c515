/// What can go wrong in this module. Every payload says what failed and how much; compare cases, never text.
package enum AudioError: Error, Equatable {
    /// libopus answered with a negative `code` (opus_defines.h) in the named operation.
    case opus(code: Int32, operation: String)
    /// speexdsp answered with a `code` other than RESAMPLER_ERR_SUCCESS (speex_resampler.h).
    case resampler(code: Int32)
    /// The work needs room for `have` elements and the buffer takes `limit`.
    case oversized(have: Int, limit: Int)
    /// A stream is not what its format says, or of a form that is not read here.
    case malformed(String)
    /// The queue and the sender that reads it run at different rates.
    case rateMismatch(queue: SampleRate, sender: SampleRate)
}
