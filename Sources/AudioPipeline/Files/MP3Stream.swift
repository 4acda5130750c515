import CMPG123

/// Speech out of MPEG audio (layers 1 to 3, with or without ID3 tags) that comes in pieces: mono Int16 at the stream's rate.
///
/// Owns the state of libmpg123; used from one executor at a time. Whatever it is fed, it throws or gives sound.
package final class MP3Stream {
    /// Fed without a sample coming out; a frame is far smaller, and so are sensible tags.
    private static let maxBarrenBytes = 1 << 20
    /// Junk between frames; what is longer is no MPEG audio.
    private static let maxJunkBytes = 4_096
    /// A frame has 1152 samples at most.
    private static let roomSamples = 4_608

    private let handle: OpaquePointer
    private var barrenBytes = 0
    private var hasSound = false
    /// Of the stream, as of its latest frame; nil before the first.
    private var hertz: Int?

    package init() throws(AudioError) {
        guard mpg123_init() == MPG123_OK.rawValue, let made = mpg123_new(nil, nil) else {
            throw .malformed("MPEG audio, for which there is no decoder")
        }
        handle = made
        let flags = Int(MPG123_QUIET.rawValue | MPG123_MONO_MIX.rawValue)
        _ = parley_mpg123_set(made, MPG123_ADD_FLAGS, flags)
        _ = parley_mpg123_set(made, MPG123_RESYNC_LIMIT, Self.maxJunkBytes)
        // The natural rates only: its own resampling is crude.
        mpg123_format_none(made)
        var rates: UnsafePointer<Int>?
        var count = 0
        mpg123_rates(&rates, &count)
        for rate in UnsafeBufferPointer(start: rates, count: count) {
            mpg123_format(made, rate, Int32(MPG123_MONO.rawValue), Int32(MPG123_ENC_SIGNED_16.rawValue))
        }
        mpg123_open_feed(made)
    }

    deinit {
        mpg123_delete(handle)
    }

    /// The sound that is whole with these bytes, in runs of one rate.
    package func feed(_ bytes: [UInt8]) throws(AudioError) -> [(hertz: Int, samples: [Int16])] {
        barrenBytes += bytes.count
        guard barrenBytes <= Self.maxBarrenBytes else { throw .malformed("MPEG audio without frames") }
        guard mpg123_feed(handle, bytes, bytes.count) == MPG123_OK.rawValue else { throw Self.broken }
        var runs: [(hertz: Int, samples: [Int16])] = []
        while true {
            let (code, samples) = read()
            if !samples.isEmpty, let hertz {
                barrenBytes = 0
                hasSound = true
                if runs.last?.hertz == hertz {
                    runs[runs.count - 1].samples += samples
                } else {
                    runs.append((hertz, samples))
                }
            }
            switch code {
            case MPG123_OK.rawValue: continue
            case MPG123_NEW_FORMAT.rawValue: try readFormat()
            case MPG123_NEED_MORE.rawValue: return runs
            default: throw Self.broken
            }
        }
    }

    /// The stream is over; throws when there was no frame in it.
    package func finish() throws(AudioError) {
        guard hasSound else { throw .malformed("MPEG audio without a frame") }
    }

    private func read() -> (code: Int32, samples: [Int16]) {
        var code: Int32 = 0
        let samples = [Int16](unsafeUninitializedCapacity: Self.roomSamples) { room, count in
            var bytes = 0
            code = mpg123_read(handle, room.baseAddress, room.count * 2, &bytes)
            count = bytes / 2
        }
        return (code, samples)
    }

    private func readFormat() throws(AudioError) {
        var rate = 0
        var channels: Int32 = 0
        var encoding: Int32 = 0
        guard mpg123_getformat(handle, &rate, &channels, &encoding) == MPG123_OK.rawValue, channels == 1, rate > 0
        else {
            throw Self.broken
        }
        hertz = rate
    }

    private static let broken = AudioError.malformed("MPEG audio that cannot be decoded")
}
