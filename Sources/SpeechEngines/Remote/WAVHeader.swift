import SessionEngine

/// The RIFF/WAVE header before what some voices send.
enum WAVHeader {
    struct Format: Equatable {
        var hertz: Int
        var channels: Int
        /// Bytes before the first sample.
        var length: Int
    }

    /// The header at the beginning of a stream; nil while more of it is needed.
    ///
    /// Lengths are not believed: whoever streams does not know them.
    static func read(_ bytes: [UInt8]) throws(EngineFailure) -> Format? {
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

    private static func little16(_ bytes: [UInt8], _ at: Int) -> UInt16 {
        UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8
    }

    private static func little32(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        UInt32(little16(bytes, at)) | UInt32(little16(bytes, at + 2)) << 16
    }
}
