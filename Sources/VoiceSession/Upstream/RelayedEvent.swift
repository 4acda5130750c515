package import RealtimeProtocol

/// One event on its way between a client and an upstream: the bytes as they came, and what they say.
package struct RelayedEvent: Equatable, Sendable {
    package let type: String
    package let object: JSONObject
    /// JSON text, UTF-8.
    package let bytes: [UInt8]

    /// - Throws: for bytes that are no event; with the `event_id` where there is one to read.
    package init(parsing bytes: [UInt8]) throws(ProtocolError) {
        object = try EventDecoder.object(of: bytes)
        self.bytes = bytes
        do throws(ProtocolError) {
            type = try JSONFields(object, path: "").requiredString("type")
        } catch {
            var error = error
            error.eventID = object["event_id"]?.string
            throw error
        }
    }

    /// Written anew; the object has a type.
    package init(_ object: JSONObject) {
        self.object = object
        type = object["type"]?.string ?? ""
        var json = JSONWriter()
        json.value(object)
        bytes = json.bytes
    }

    package init(_ type: String, _ members: [(name: String, value: JSONValue)]) {
        self.init(JSONObject([("type", .string(type))] + members))
    }

    /// The same with a member changed, or without it.
    package func with(_ name: String, _ value: JSONValue?) -> RelayedEvent {
        var object = object
        object[name] = value
        return RelayedEvent(object)
    }

    /// An `input_audio_buffer.append` of mono Int16 at 24 kHz.
    package init(appending samples: [Int16]) {
        type = Self.append
        object = JSONObject([("type", .string(Self.append))])
        var json = JSONWriter(capacity: 64 + Base64.encodedCount(samples.count * 2))
        json.object {
            $0.member("type", Self.append)
            $0.member("audio", base64: OutputAudioEncoder.littleEndian(samples))
        }
        bytes = json.bytes
    }

    private init(type: String, bytes: [UInt8]) {
        self.type = type
        object = JSONObject([("type", .string(type))])
        self.bytes = bytes
    }

    private static let append = "input_audio_buffer.append"

    /// For one that is kept to be sent: audio need not be held twice.
    var lean: RelayedEvent { RelayedEvent(type: type, bytes: bytes) }

    package var eventID: String? { object["event_id"]?.string }

    func text(_ name: String) -> String? { object[name]?.string }
    func object(_ name: String) -> JSONObject? { object[name]?.object }
    /// A count or position of a remote's, within what can be reckoned with; nil for anything else.
    func count(_ name: String) -> Int? { object[name]?.count }
}

extension JSONValue {
    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var object: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    var array: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// 0 to a billion; nil for anything else.
    var count: Int? {
        let range = 0...1_000_000_000
        switch self {
        case .integer(let integer) where range.contains(integer): return integer
        case .number(let number): return Int(exactly: number.rounded()).flatMap { range.contains($0) ? $0 : nil }
        default: return nil
        }
    }
}
