import RealtimeProtocol

/// How much sound each item has: an answer cannot be cut beyond its end.
struct ReplaySound: Sendable {
    private var bytesPerMs = 48
    private var bytes: [String: Int] = [:]

    /// A server's event.
    mutating func note(_ event: JSONObject) {
        switch event.text("type") {
        case "session.created"?, "session.updated"?:
            let format = event.object("session")?.object("audio")?.object("output")?.object("format")?.text("type")
            bytesPerMs = format == nil || format == "audio/pcm" ? 48 : 8
        case "response.output_audio.delta"?:
            guard let item = event.text("item_id"), let base64 = event.text("delta") else { return }
            bytes[item, default: 0] += base64.utf8.count / 4 * 3
        default: break
        }
    }

    /// A truncation that ends within the item's sound; nil where it has none.
    func fitted(_ event: JSONObject) -> JSONObject? {
        guard let item = event.text("item_id"), let bytes = bytes[item] else { return nil }
        // Padding makes up to two bytes of the last delta, less than a millisecond.
        let lengthMs = max(0, bytes / bytesPerMs - 1)
        var event = event
        if case .integer(let ms)? = event["audio_end_ms"], ms > lengthMs { event["audio_end_ms"] = .integer(lengthMs) }
        return event
    }
}
