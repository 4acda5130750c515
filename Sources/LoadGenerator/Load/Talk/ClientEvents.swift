import RealtimeProtocol

/// The client events of a talker, as JSON.
enum ClientEvents {
    static let responseCreate = json([("type", .string("response.create"))])

    /// What a function gave back.
    static func output(of call: String, _ output: String) -> [UInt8] {
        let item = JSONObject([
            ("type", .string("function_call_output")), ("call_id", .string(call)), ("output", .string(output)),
        ])
        return json([("type", .string("conversation.item.create")), ("item", .object(item))])
    }

    /// Sound for the input buffer; `base64` of PCM16 at 24 kHz.
    static func append(_ base64: String) -> [UInt8] {
        json([("type", .string("input_audio_buffer.append")), ("audio", .string(base64))])
    }

    /// An event that is as long as asked for, and does nothing.
    static func filler(bytes: Int) -> [UInt8] {
        let item = JSONObject([
            ("type", .string("message")), ("role", .string("user")),
            (
                "content",
                .array([
                    .object(
                        JSONObject([
                            ("type", .string("input_text")),
                            ("text", .string(String(repeating: "flood ", count: max(1, bytes / 6)))),
                        ]))
                ])
            ),
        ])
        return json([("type", .string("conversation.item.create")), ("item", .object(item))])
    }

    private static func json(_ members: [(name: String, value: JSONValue)]) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(.object(JSONObject(members)))
        return writer.bytes
    }
}
