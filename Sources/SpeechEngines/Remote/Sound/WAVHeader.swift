import SessionEngine

/// The chunks of a RIFF/WAVE file before its samples.
struct WAVHeader: Equatable {
    /// A longer header is a broken server's.
    private static let maxBytes = 1 << 20
    /// A declared length from here on means that the server did not know it, as does none at all.
    private static let unknownLength = 0x7FFF_0000

    var format: SampleFormat
    /// Bytes before the first sample.
    var length: Int
    /// Of the samples; nil where the server streams and so could not know.
    var dataBytes: Int?

    /// Nil while more of it is needed.
    static func read(_ bytes: [UInt8]) throws(EngineFailure) -> WAVHeader? {
        var format: SampleFormat?
        var position = 12
        while bytes.count >= position + 8 {
            let body = position + 8
            let length = little(bytes, position + 4, 4)
            if bytes[position..<position + 4].elementsEqual("data".utf8) {
                guard let format else { throw unreadable }
                let isKnown = length > 0 && length < unknownLength
                return WAVHeader(format: format, length: body, dataBytes: isKnown ? length : nil)
            }
            guard length < maxBytes, position < maxBytes else { throw unreadable }
            if bytes[position..<position + 4].elementsEqual("fmt ".utf8) {
                guard bytes.count >= body + length else { return nil }
                format = try Self.format(bytes[body..<body + length])
            }
            position = body + length + length % 2
        }
        return nil
    }

    private static func format(_ chunk: ArraySlice<UInt8>) throws(EngineFailure) -> SampleFormat {
        let chunk = Array(chunk)
        guard chunk.count >= 16 else { throw unreadable }
        var tag = little(chunk, 0, 2)
        // WAVE_FORMAT_EXTENSIBLE: the tag proper begins the sub-format.
        if tag == 0xFFFE, chunk.count >= 26 { tag = little(chunk, 24, 2) }
        let encoding: SampleFormat.Encoding
        switch (tag, little(chunk, 14, 2)) {
        case (1, 8): encoding = .unsigned8
        case (1, 16): encoding = .signed16
        case (1, 24): encoding = .signed24
        case (1, 32): encoding = .signed32
        case (3, 32): encoding = .float32
        case (3, 64): encoding = .float64
        default: throw unreadable
        }
        guard
            let format = SampleFormat(encoding, channels: little(chunk, 2, 2), hertz: little(chunk, 4, 4))
        else { throw unreadable }
        return format
    }

    static let unreadable = SoundForm.unusable("a WAV file that is broken or not of plain samples")

    private static func little(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }
}
