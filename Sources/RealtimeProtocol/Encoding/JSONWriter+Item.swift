extension JSONWriter {
    /// - Parameter withAudio: whether audio bytes of the content are written: only in a retrieved item.
    mutating func item(_ name: StaticString, _ item: Item, _ dialect: Dialect, withAudio: Bool = false) {
        object(name) { $0.members(of: item, dialect, withAudio: withAudio) }
    }

    mutating func members(of item: Item, _ dialect: Dialect, withAudio: Bool = false) {
        member("id", item.id.rawValue)
        if dialect == .beta { member("object", "realtime.item") }
        switch item.body {
        case .message(let message):
            member("type", "message")
            member("status", item.status.rawValue)
            member("role", message.role.rawValue)
            array("content", message.content) { $0.part($1, dialect, withAudio: withAudio) }
        case .functionCall(let call):
            member("type", "function_call")
            member("status", item.status.rawValue)
            member("name", call.name)
            member("call_id", call.callID.rawValue)
            member("arguments", call.arguments)
        case .functionCallOutput(let output):
            member("type", "function_call_output")
            member("status", item.status.rawValue)
            member("call_id", output.callID.rawValue)
            member("output", output.output)
        case .mcp(let item): members(of: item)
        }
    }

    /// One part of a message; `transcript` is null until there is one (RT-128).
    private mutating func part(_ part: ContentPart, _ dialect: Dialect, withAudio: Bool) {
        object {
            switch part {
            case .inputText(let text):
                $0.member("type", "input_text")
                $0.member("text", text)
            case .inputImage(let url, let detail):
                $0.member("type", "input_image")
                $0.member("image_url", ifAny: url)
                $0.member("detail", ifAny: detail)
            case .outputText(let text):
                $0.member("type", dialect == .beta ? "text" : "output_text")
                $0.member("text", text)
            case .inputAudio(let transcript, let audio):
                $0.member("type", "input_audio")
                $0.member("transcript", orNull: transcript)
                if withAudio, let audio { $0.member("audio", base64: audio) }
            case .outputAudio(let transcript, let audio):
                $0.member("type", dialect == .beta ? "audio" : "output_audio")
                $0.member("transcript", orNull: transcript)
                if withAudio, let audio { $0.member("audio", base64: audio) }
            }
        }
    }
}
