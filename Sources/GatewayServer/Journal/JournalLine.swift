import RealtimeProtocol

/// One event as a line of a session file (docs/console.md), without its sound and without what would let somebody take the
/// session over.
enum JournalLine {
    enum Sender: String {
        case client
        case server
    }

    /// Of every file, first.
    static let head = Array(#"{"parley_session":1}"#.utf8) + [UInt8(ascii: "\n")]

    /// Nil for what is no JSON object.
    static func event(_ message: [UInt8]) -> JSONObject? {
        guard case .object(let event)? = try? JSONParser.parse(message) else { return nil }
        return event
    }

    static func line(_ event: JSONObject, from sender: Sender, ms: Double) -> [UInt8] {
        var json = JSONWriter(capacity: 1_024)
        json.object {
            // Tenths, as the console writes them.
            $0.member("ms", (ms * 10).rounded() / 10)
            $0.member("from", sender.rawValue)
            $0.member("event", .object(stripped(event)))
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static func stripped(_ event: JSONObject) -> JSONObject {
        var event = withoutSound(event)
        switch event["type"] {
        case .string("response.output_audio.delta")?, .string("response.audio.delta")?: event["delta"] = nil
        default: break
        }
        if case .object(var ours)? = event["parley"] {
            ours["resume"] = nil
            event["parley"] = ours.isEmpty ? nil : .object(ours)
        }
        return event
    }

    /// Sound is a text under the name `audio`, wherever it stands; settings under that name are objects.
    private static func withoutSound(_ object: JSONObject) -> JSONObject {
        JSONObject(
            object.members.compactMap { name, value in
                if name == "audio", case .string = value { return nil }
                return (name, withoutSound(value))
            })
    }

    private static func withoutSound(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object): .object(withoutSound(object))
        case .array(let values): .array(values.map(withoutSound))
        default: value
        }
    }
}
