import SessionEngine

/// RIFF WAVE with 16-bit PCM: what recognisers are sent, and the header before what some voices send.
enum WaveAudio {
    /// The file of mono samples.
    static func file(_ samples: [Int16], hertz: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(44 + samples.count * 2)
        bytes += "RIFF".utf8
        append(UInt32(clamping: 36 + samples.count * 2), to: &bytes)
        bytes += "WAVEfmt ".utf8
        append(UInt32(16), to: &bytes)
        for field in [UInt16(1), 1] { append(field, to: &bytes) }
        for field in [UInt32(clamping: hertz), UInt32(clamping: hertz * 2)] { append(field, to: &bytes) }
        for field in [UInt16(2), 16] { append(field, to: &bytes) }
        bytes += "data".utf8
        append(UInt32(clamping: samples.count * 2), to: &bytes)
        for sample in samples { append(UInt16(bitPattern: sample), to: &bytes) }
        return bytes
    }

    struct Format: Equatable {
        var hertz: Int
        var channels: Int
        /// Bytes before the first sample.
        var length: Int
    }

    /// The header at the beginning of a stream; nil while more of it is needed.
    ///
    /// Lengths are not believed: whoever streams does not know them.
    static func header(of bytes: [UInt8]) throws(EngineFailure) -> Format? {
        guard bytes.count >= 12 else { return nil }
        guard bytes[..<4].elementsEqual("RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8) else { throw unreadable }
        var format: Format?
        var position = 12
        while bytes.count >= position + 8 {
            let body = position + 8
            if bytes[position..<position + 4].elementsEqual("data".utf8) {
                guard var format else { throw unreadable }
                format.length = body
                return format
            }
            let length = Int(little32(bytes, position + 4))
            guard length < 1 << 16 else { throw unreadable }
            if bytes[position..<position + 4].elementsEqual("fmt ".utf8) {
                guard bytes.count >= body + 16 else { return nil }
                guard length >= 16, little16(bytes, body) == 1, little16(bytes, body + 14) == 16 else {
                    throw unreadable
                }
                format = Format(
                    hertz: Int(little32(bytes, body + 4)), channels: Int(little16(bytes, body + 2)), length: 0)
            }
            position = body + length + length % 2
        }
        return nil
    }

    private static let unreadable = EngineFailure(
        code: "engine_error", message: "The server of the voice sent sound that is no 16-bit PCM.")

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    private static func little16(_ bytes: [UInt8], _ at: Int) -> UInt16 {
        UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8
    }

    private static func little32(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        UInt32(little16(bytes, at)) | UInt32(little16(bytes, at + 2)) << 16
    }
}
