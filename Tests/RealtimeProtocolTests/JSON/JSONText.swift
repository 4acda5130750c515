import RealtimeProtocol

/// The value of a JSON text written in a test.
func json(_ text: String) throws -> JSONValue {
    try JSONParser.parse(Array(text.utf8))
}

func object(_ text: String) throws -> JSONObject {
    guard case .object(let object) = try json(text) else { throw JSONError(.unexpectedEnd, at: 0) }
    return object
}

func text(_ value: JSONValue) -> String {
    var json = JSONWriter()
    json.value(value)
    return String(decoding: json.bytes, as: UTF8.self)
}
