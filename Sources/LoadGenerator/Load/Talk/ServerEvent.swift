package import RealtimeProtocol

/// A server event as far as a talker looks at it. Audio, most of what comes over a WebSocket, is not parsed.
package enum ServerEvent {
    /// Length of the sound in it, as 24 kHz PCM16.
    case audio(Duration)
    case other(JSONObject)

    private static let audioTypes = ["\"response.output_audio.delta\"", "\"response.audio.delta\""].map {
        Array($0.utf8)
    }
    private static let deltaKey = Array("\"delta\"".utf8)
    /// The type stands among the first members, as every server writes it; one that does not is parsed.
    private static let headBytes = 200
    private static let bytesPerMs = 48

    /// Nil for what is no event.
    package init?(_ message: [UInt8]) {
        if let base64 = Self.audioBytes(message) {
            self = .audio(.milliseconds(base64 / 4 * 3 / Self.bytesPerMs))
        } else if case .object(let object)? = try? JSONParser.parse(message) {
            self = .other(object)
        } else {
            return nil
        }
    }

    /// Characters of the base64 in an audio event; nil for any other.
    private static func audioBytes(_ message: [UInt8]) -> Int? {
        let head = message.prefix(headBytes)
        guard audioTypes.contains(where: { head.place(after: $0) != nil }),
            let key = message[...].place(after: deltaKey),
            let opening = message[key...].firstIndex(of: UInt8(ascii: "\"")),
            let closing = message[(opening + 1)...].firstIndex(of: UInt8(ascii: "\""))
        else { return nil }
        return closing - opening - 1
    }
}

extension ArraySlice<UInt8> {
    /// Where the first `needle` has ended; nil without one.
    fileprivate func place(after needle: [UInt8]) -> Int? {
        guard let head = needle.first else { return startIndex }
        var place = startIndex
        while let found = self[place...].firstIndex(of: head), found + needle.count <= endIndex {
            if self[found..<found + needle.count].elementsEqual(needle) { return found + needle.count }
            place = found + 1
        }
        return nil
    }
}
