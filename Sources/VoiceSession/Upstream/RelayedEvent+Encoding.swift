import RealtimeProtocol

extension RelayedEvent {
    /// The messages of an upstream's event for one client; audio that is too long for a message comes in pieces, an item goes
    /// without its sound and images, and what is too long all the same becomes an error.
    ///
    /// - Parameter eventID: of an event that has no name.
    func encoded(eventID: String, maxBytes: Int) -> EncodedEvent {
        guard self.eventID != nil else {
            return with("event_id", .string(eventID)).encoded(eventID: eventID, maxBytes: maxBytes)
        }
        if bytes.count <= maxBytes { return EncodedEvent(messages: [bytes]) }
        if let bare = withoutMedia, bare.bytes.count <= maxBytes {
            return EncodedEvent(messages: [bare.bytes], isReduced: true)
        }
        if let pieces = pieces(maxBytes: maxBytes) { return EncodedEvent(messages: pieces.map(\.bytes)) }
        let error = ProtocolError(
            .server, code: "event_too_long",
            "An event of type '\(type)' has \(bytes.count) bytes; this connection takes \(maxBytes).")
        let encoder = EventEncoder(dialect: .current, wantsExtensions: false, maxMessageBytes: maxBytes)
        return EncodedEvent(messages: encoder.encode(.error(error), eventID: eventID).messages, isReduced: true)
    }

    /// The same without the sound and images of its item; nil where it has none.
    private var withoutMedia: RelayedEvent? {
        guard var item = object("item"), let content = item["content"]?.array else { return nil }
        item["content"] = .array(
            content.map { part in
                guard var bare = part.object else { return part }
                bare["audio"] = nil
                bare["image_url"] = nil
                return .object(bare)
            })
        return with("item", .object(item))
    }

    /// Deltas of audio that together say the same, each of whole groups of base64.
    private func pieces(maxBytes: Int) -> [RelayedEvent]? {
        guard type == "response.output_audio.delta", let delta = text("delta") else { return nil }
        let room = (maxBytes - (bytes.count - delta.utf8.count) - 16) / 4 * 4
        guard room > 0 else { return nil }
        let characters = Array(delta.utf8)
        return stride(from: 0, to: characters.count, by: room).enumerated().map { number, start in
            let piece = String(decoding: characters[start..<min(start + room, characters.count)], as: UTF8.self)
            let named = number == 0 ? self : with("event_id", .string("\(eventID ?? "")_\(number)"))
            return named.with("delta", .string(piece))
        }
    }
}
