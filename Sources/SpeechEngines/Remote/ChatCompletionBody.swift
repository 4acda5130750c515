import RealtimeProtocol
import SessionEngine

/// The body of `POST /v1/chat/completions` for a model request: streamed, with usage at the end.
struct ChatCompletionBody {
    private let request: ModelRequest
    private let model: String
    private let hears: Bool
    private let isOpenAI: Bool

    /// - Parameters:
    ///   - hears: whether speech goes as the sound that the request has of it, in the place of its words.
    ///   - isOpenAI: whether it goes to OpenAI, whose newer models refuse the one name of a limit that all others know.
    init(_ request: ModelRequest, model: String, hears: Bool = false, isOpenAI: Bool = false) {
        self.request = request
        self.model = model
        self.hears = hears
        self.isOpenAI = isOpenAI
    }

    var bytes: [UInt8] {
        var writer = JSONWriter(capacity: 4096)
        writer.value(JSONObject(members))
        return writer.bytes
    }

    private var members: [(name: String, value: JSONValue)] {
        var members: [(name: String, value: JSONValue)] = [
            ("model", .string(model)), ("stream", .bool(true)),
            ("stream_options", .object(JSONObject([("include_usage", .bool(true))]))),
            ("messages", .array(messages)),
        ]
        if case .tokens(let count) = request.maxOutputTokens {
            members.append((isOpenAI ? "max_completion_tokens" : "max_tokens", .integer(count)))
        }
        if !request.tools.isEmpty {
            members.append(("tools", .array(request.tools.map(Self.tool))))
            members.append(("tool_choice", choice))
            if let parallel = request.parallelToolCalls { members.append(("parallel_tool_calls", .bool(parallel))) }
        }
        if let effort = request.reasoningEffort { members.append(("reasoning_effort", .string(effort.rawValue))) }
        return members
    }

    private var choice: JSONValue {
        switch request.toolChoice {
        case .auto: .string("auto")
        case .none: .string("none")
        case .required: .string("required")
        // The session has made a function of it.
        case .mcp: .string("auto")
        case .function(let name):
            Self.object(("type", .string("function")), ("function", Self.object(("name", .string(name)))))
        }
    }

    private var messages: [JSONValue] {
        let style = request.outputModality == .audio ? "\n\n" + Dialogue.spokenStyle : ""
        let instructions = request.instructions.isEmpty ? Dialogue.persona : request.instructions
        var messages = [Self.message("system", .string(instructions + style))]
        // Calls of one turn are one message, as the API wants them.
        var calls: [JSONValue] = []
        for item in request.items {
            if case .functionCall(let call) = item.body {
                calls.append(Self.call(call))
                continue
            }
            Self.flush(&calls, into: &messages)
            if let message = message(item) { messages.append(message) }
        }
        Self.flush(&calls, into: &messages)
        return messages
    }

    private static func flush(_ calls: inout [JSONValue], into messages: inout [JSONValue]) {
        guard !calls.isEmpty else { return }
        // An empty text, since llama-cpp-python takes no null there.
        messages.append(object(("role", .string("assistant")), ("content", .string("")), ("tool_calls", .array(calls))))
        calls = []
    }

    private func message(_ item: Item) -> JSONValue? {
        switch item.body {
        case .message(let message):
            let parts = message.content.compactMap { Self.part($0, hears: hears) }
            guard !parts.isEmpty else { return nil }
            let texts = parts.compactMap { $0["text"]?.text }
            // Plain text where there is nothing else: not every server takes parts.
            let content = texts.count == parts.count ? .string(texts.joined(separator: "\n")) : JSONValue.array(parts)
            return Self.message(message.role.rawValue, content)
        case .functionCallOutput(let output):
            return Self.object(
                ("role", .string("tool")), ("tool_call_id", .string(output.callID.rawValue)),
                ("content", .string(output.output)))
        case .functionCall, .mcp:
            return nil
        }
    }

    /// Nil for what has no words: audio whose transcript is not known.
    private static func part(_ content: ContentPart, hears: Bool) -> JSONValue? {
        switch content {
        case .inputText(let text), .outputText(let text): textPart(text)
        case .inputAudio(_, let audio?) where hears: audioPart(audio)
        case .inputAudio(let transcript, _), .outputAudio(let transcript, _): transcript.flatMap(textPart)
        case .inputImage(let url, let detail): url.map { imagePart($0, detail) }
        }
    }

    private static func textPart(_ text: String) -> JSONValue? {
        text.isEmpty ? nil : object(("type", .string("text")), ("text", .string(text)))
    }

    private static func audioPart(_ file: [UInt8]) -> JSONValue {
        var text: [UInt8] = []
        file.withUnsafeBufferPointer { Base64.encode($0, into: &text) }
        let audio = object(("data", .string(String(decoding: text, as: UTF8.self))), ("format", .string("wav")))
        return object(("type", .string("input_audio")), ("input_audio", audio))
    }

    private static func imagePart(_ url: String, _ detail: String?) -> JSONValue {
        var image = JSONObject([("url", .string(url))])
        image["detail"] = detail.map { .string($0) }
        return object(("type", .string("image_url")), ("image_url", .object(image)))
    }

    private static func message(_ role: String, _ content: JSONValue) -> JSONValue {
        object(("role", .string(role)), ("content", content))
    }

    private static func call(_ call: FunctionCall) -> JSONValue {
        object(
            ("id", .string(call.callID.rawValue)), ("type", .string("function")),
            (
                "function",
                object(
                    ("name", .string(call.name)),
                    ("arguments", .string(call.arguments.isEmpty ? "{}" : call.arguments)))
            ))
    }

    private static func tool(_ tool: Tool) -> JSONValue {
        var function = JSONObject([("name", .string(tool.name))])
        function["description"] = tool.description.map { .string($0) }
        function["parameters"] = tool.parameters
        return object(("type", .string("function")), ("function", .object(function)))
    }

    private static func object(_ members: (name: String, value: JSONValue)...) -> JSONValue {
        .object(JSONObject(members))
    }
}
