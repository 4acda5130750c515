/// A `Content-Type` (RFC 9110 §8.3): the media type in lower case, and what of its parameters says something of sound.
struct ContentType: Equatable {
    var mediaType: String
    /// `rate=` and `channels=`, as in `audio/L16;rate=24000;channels=1`.
    var hertz: Int?
    var channels: Int?

    init(_ text: String?) {
        let parts = (text ?? "").lowercased().split(separator: ";").map { String($0).trimmed }
        mediaType = parts.first ?? ""
        for parameter in parts.dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
            guard pair.count == 2, let value = Int(pair[1]) else { continue }
            switch pair[0] {
            case "rate", "sample_rate", "samplerate": hertz = value
            case "channels": channels = value
            default: break
            }
        }
    }

    /// Said of what has no beginning that could be recognised, or says nothing.
    var meansRawSound: Bool {
        [
            "", "audio/pcm", "audio/x-pcm", "audio/lpcm", "audio/l16", "audio/x-l16", "audio/raw", "audio/x-raw",
            "application/octet-stream", "binary/octet-stream",
        ].contains(mediaType)
    }

    /// Whether it names raw sound, rather than saying nothing.
    var namesRawSound: Bool { meansRawSound && mediaType.hasPrefix("audio/") }

    var isText: Bool { mediaType.hasPrefix("text/") || mediaType.hasSuffix("json") || mediaType.hasSuffix("xml") }
}
