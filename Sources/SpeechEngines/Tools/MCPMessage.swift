import RealtimeProtocol

/// One JSON-RPC 2.0 message of the Model Context Protocol, read leniently: a member of another type counts as absent.
struct MCPMessage {
    private let value: JSONValue

    /// Nil for what is no message: no JSON object, or of another protocol.
    init?(_ value: JSONValue) {
        guard case .object = value, value["jsonrpc"]?.text == "2.0" else { return nil }
        self.value = value
    }

    /// Whether it answers the request with this number.
    func answers(_ id: Int) -> Bool { value["id"] == .integer(id) && method == nil }

    var method: String? { value["method"]?.text }
    /// Of a request of the server's.
    var id: JSONValue? { value["id"] == .null ? nil : value["id"] }

    /// The result; throws the error that it says.
    func result() throws(MCPError) -> JSONValue {
        if let error = value["error"], error != .null {
            let message = error["message"]?.text ?? "The server reported an error."
            throw .protocol(code: error["code"]?.count ?? 0, message: String(message.prefix(Self.maxMessageLength)))
        }
        guard let result = value["result"], case .object = result else { throw .malformed }
        return result
    }

    private static let maxMessageLength = 1_000

    static func request(_ id: Int, _ method: String, _ params: JSONValue) -> [UInt8] {
        bytes(("id", .integer(id)), ("method", .string(method)), ("params", params))
    }

    static func notification(_ method: String, _ params: JSONValue? = nil) -> [UInt8] {
        guard let params else { return bytes(("method", .string(method))) }
        return bytes(("method", .string(method)), ("params", params))
    }

    /// The answer to a request of the server's: a ping has one, anything else is not supported.
    static func answer(to id: JSONValue, _ method: String) -> [UInt8] {
        guard method != "ping" else { return bytes(("id", id), ("result", .object(JSONObject()))) }
        let error = JSONObject([("code", .integer(-32_601)), ("message", .string("Method not found"))])
        return bytes(("id", id), ("error", .object(error)))
    }

    private static func bytes(_ members: (name: String, value: JSONValue)...) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(JSONObject([("jsonrpc", .string("2.0"))] + members))
        return writer.bytes
    }
}

extension MCPError {
    static let malformed = MCPError.protocol(code: -32_700, message: "The server's answer is none of the protocol's.")
}
