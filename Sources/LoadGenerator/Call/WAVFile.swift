package import Foundation

/// Writes RIFF/WAVE files of 16-bit PCM at 24 kHz.
package enum WAVFile {
    private static let headerBytes = 36
    private static let hertz = 24_000

    /// Mono.
    package static func write(_ samples: [Int16], to url: URL) throws {
        try file([samples]).write(to: url, options: .atomic)
    }

    /// Stereo; the shorter side ends in silence.
    package static func write(left: [Int16], right: [Int16], to url: URL) throws {
        try file([left, right]).write(to: url, options: .atomic)
    }

    private static func file(_ channels: [[Int16]]) -> Data {
        let frames = channels.map(\.count).max() ?? 0
        let bytes = frames * channels.count * 2
        var data = Data(capacity: headerBytes + 8 + bytes)
        data.append(contentsOf: "RIFF".utf8)
        data.append(little: headerBytes + bytes, 4)
        data.append(contentsOf: "WAVEfmt ".utf8)
        data.append(little: 16, 4)
        data.append(little: 1, 2)
        data.append(little: channels.count, 2)
        data.append(little: hertz, 4)
        data.append(little: hertz * channels.count * 2, 4)
        data.append(little: channels.count * 2, 2)
        data.append(little: 16, 2)
        data.append(contentsOf: "data".utf8)
        data.append(little: bytes, 4)
        for frame in 0..<frames {
            for channel in channels {
                data.append(little: frame < channel.count ? Int(channel[frame]) : 0, 2)
            }
        }
        return data
    }
}

extension Data {
    fileprivate mutating func append(little value: Int, _ count: Int) {
        for byte in 0..<count { append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
}
