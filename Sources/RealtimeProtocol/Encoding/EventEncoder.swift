/// Writes the server's events for one client.
package struct EventEncoder: Sendable {
    private let dialect: Dialect
    private let wantsExtensions: Bool
    private let maxMessageBytes: Int

    /// - Parameters:
    ///   - wantsExtensions: whether the client asked for what is ours on the wire (docs/extensions.md).
    ///   - maxMessageBytes: no message is longer.
    package init(dialect: Dialect, wantsExtensions: Bool, maxMessageBytes: Int) {
        self.dialect = dialect
        self.wantsExtensions = wantsExtensions
        self.maxMessageBytes = maxMessageBytes
    }

    /// The messages of an event: several with ids of their own where a delta is too long for one.
    package func encode(_ event: ServerEvent, eventID: String) -> EncodedEvent {
        guard let name = event.name(in: dialect) else { return EncodedEvent(messages: []) }
        let whole = message(event, name, eventID)
        guard whole.count > maxMessageBytes else { return EncodedEvent(messages: [whole]) }
        if let bare = event.withoutMedia {
            let reduced = message(bare, name, eventID)
            if reduced.count <= maxMessageBytes { return EncodedEvent(messages: [reduced], isReduced: true) }
        }
        if let messages = pieces(of: event, name, eventID) { return EncodedEvent(messages: messages) }
        return EncodedEvent(messages: tooLong(name, bytes: whole.count, eventID), isReduced: true)
    }

    private func message(_ event: ServerEvent, _ name: String, _ eventID: String) -> [UInt8] {
        var json = JSONWriter(capacity: event.estimatedBytes)
        let writer = EventWriter(dialect: dialect, wantsExtensions: wantsExtensions)
        json.object {
            $0.member("type", name)
            $0.member("event_id", eventID)
            writer.members(of: event, into: &$0)
        }
        return json.bytes
    }

    /// Deltas that together say the same and fit; nil for an event that is no delta, or a limit that leaves no room.
    private func pieces(of event: ServerEvent, _ name: String, _ eventID: String) -> [[UInt8]]? {
        var messages: [[UInt8]] = []
        var rest = [event]
        while let piece = rest.popLast() {
            let message = message(piece, name, messages.isEmpty ? eventID : "\(eventID)_\(messages.count)")
            if message.count <= maxMessageBytes {
                messages.append(message)
            } else {
                guard let (first, second) = piece.halves else { return nil }
                rest.append(second)
                rest.append(first)
            }
        }
        return messages
    }

    private func tooLong(_ name: String, bytes: Int, _ eventID: String) -> [[UInt8]] {
        let error = ProtocolError(
            .server, code: "event_too_long",
            "An event of type '\(name)' has \(bytes) bytes; this connection takes \(maxMessageBytes).")
        let message = message(.error(error), "error", eventID)
        return message.count <= maxMessageBytes ? [message] : []
    }
}
