import SessionEngine

/// What a voice's server sends, by its first bytes and its `Content-Type`; the bytes count for more, since types are often untrue.
enum SoundForm: Equatable {
    case raw
    case wave
    case oggOpus
    case mpeg

    /// Bytes that decide it.
    static let beginningBytes = 12

    /// - Parameter beginning: the first `beginningBytes`, or all there were.
    /// - Throws: where it is no sound, or of a form that is not read here; both would be noise.
    static func of(_ beginning: [UInt8], _ type: ContentType) throws(EngineFailure) -> SoundForm {
        if type.isText || isText(beginning) { throw unusable("text instead of sound") }
        if beginning.count >= beginningBytes,
            beginning.starts(with: "RIFF".utf8) || beginning.starts(with: "RF64".utf8),
            beginning[8..<12].elementsEqual("WAVE".utf8)
        {
            return .wave
        }
        if beginning.starts(with: "OggS".utf8) { return .oggOpus }
        if beginning.starts(with: "ID3".utf8) { return .mpeg }
        if let name = unreadable(beginning) { throw unusable(name) }
        // A loud first sample of raw sound may look like a frame of MPEG audio.
        if !type.namesRawSound, isMPEGFrame(beginning) { return .mpeg }
        guard type.meansRawSound else { throw unusable("sound that is not \(known(type))") }
        return .raw
    }

    static func unusable(_ what: String) -> EngineFailure {
        .unreadable("voice", what)
    }

    /// The type, if it is one of those that are read: a server's own words are not passed on.
    private static func known(_ type: ContentType) -> String {
        switch type.mediaType {
        case "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave": "the WAV that it is called"
        case "audio/ogg", "audio/opus": "the Ogg Opus that it is called"
        case "audio/mpeg", "audio/mp3": "the MP3 that it is called"
        default: "of a known form"
        }
    }

    private static func unreadable(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: "fLaC".utf8) { return "FLAC, which is not read here: ask it for pcm, wav, opus or mp3" }
        if bytes.count >= 8, bytes[4..<8].elementsEqual("ftyp".utf8) || bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            return "MP4 or WebM, which is not read here: ask it for pcm, wav, opus or mp3"
        }
        return nil
    }

    /// The header of a frame of layer III (ISO 11172-3 §2.4.1.3) with nothing forbidden in it.
    private static func isMPEGFrame(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] & 0xE6 == 0xE2, bytes[1] & 0x18 != 0x08 else { return false }
        let bitrate = bytes[2] >> 4
        return bitrate != 0 && bitrate != 15 && bytes[2] & 0x0C != 0x0C
    }

    /// JSON, HTML or words: six samples in a row of raw sound are not all loud and printable.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first else { return false }
        let isPrintable = bytes.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        let isMagic = ["RIFF", "RF64", "OggS", "ID3", "fLaC"].contains { bytes.starts(with: $0.utf8) }
        return isPrintable && !isMagic && (bytes.count >= beginningBytes || first == UInt8(ascii: "{"))
    }
}
