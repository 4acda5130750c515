/// RIFF/WAVE files of 16-bit PCM (Microsoft and IBM, 1991): what recordings are written as and recognisers elsewhere are sent.
package enum WAVFile {
    /// Bytes before the samples.
    package static let headerBytes = 44

    /// The bytes of a file; one array of samples for each channel, of which a shorter one ends in silence.
    package static func encoded(_ channels: [[Int16]], hertz: Int) -> [UInt8] {
        let frames = channels.map(\.count).max() ?? 0
        var bytes = header(frames: frames, channels: channels.count, hertz: hertz)
        bytes.reserveCapacity(headerBytes + frames * channels.count * 2)
        for frame in 0..<frames {
            for channel in channels {
                append(frame < channel.count ? Int(channel[frame]) : 0, 2, to: &bytes)
            }
        }
        return bytes
    }

    /// What stands before so many frames, of a sample for each channel.
    package static func header(frames: Int, channels: Int, hertz: Int) -> [UInt8] {
        let length = frames * channels * 2
        var bytes: [UInt8] = []
        bytes += "RIFF".utf8
        append(headerBytes - 8 + length, 4, to: &bytes)
        bytes += "WAVEfmt ".utf8
        // Sixteen bytes: PCM, channels, rate, bytes per second, bytes per frame, bits per sample.
        append(16, 4, to: &bytes)
        append(1, 2, to: &bytes)
        append(channels, 2, to: &bytes)
        append(hertz, 4, to: &bytes)
        append(hertz * channels * 2, 4, to: &bytes)
        append(channels * 2, 2, to: &bytes)
        append(16, 2, to: &bytes)
        bytes += "data".utf8
        append(length, 4, to: &bytes)
        return bytes
    }

    /// Little-endian.
    private static func append(_ value: Int, _ count: Int, to bytes: inout [UInt8]) {
        for byte in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
}
