import Foundation
import RealtimeProtocol
import SessionEngine

/// A model request as chat messages, in words that a small model follows.
struct ChatPrompt {
    var messages: [ChatMessage]
    /// What the answer must begin with: a function call that is demanded.
    var prefix = ""
    /// Functions the answer may call.
    var tools: [String] = []

    static let persona = "You are Parley, a friendly and helpful voice assistant."
    static let spokenStyle =
        "Your answer is spoken aloud: answer in one to three short, complete sentences of plain words. "
        + "Never use lists, markdown, code, links or emoji."

    init(_ request: ModelRequest) {
        let hasResult = if case .functionCallOutput? = request.items.last?.body { true } else { false }
        // With the functions still before it, a small model calls again instead of telling the result.
        let offered = hasResult || request.toolChoice == .none ? [] : request.tools
        messages = [ChatMessage(role: .system, text: Self.system(request, offered))]
        for item in request.items { append(item) }
        tools = offered.map(\.name)
        switch request.toolChoice {
        case .function(let name) where tools.contains(name):
            prefix = "<tool_call>\n{\"name\": \(Self.json(.string(name))), \"arguments\": "
        case .required where !tools.isEmpty:
            prefix = "<tool_call>\n{\"name\": \""
        default:
            break
        }
    }

    private static func system(_ request: ModelRequest, _ tools: [Tool]) -> String {
        var parts = [request.instructions.isEmpty ? persona : harmless(request.instructions)]
        if request.outputModality == .audio { parts.append(spokenStyle) }
        if !tools.isEmpty { parts.append(describe(tools)) }
        return parts.joined(separator: "\n\n")
    }

    /// The form that Qwen and many others were trained on.
    private static func describe(_ tools: [Tool]) -> String {
        let signatures = tools.map { tool in
            var function = JSONObject([("name", .string(tool.name))])
            function["description"] = tool.description.map { .string($0) }
            function["parameters"] = tool.parameters
            return json(.object(JSONObject([("type", .string("function")), ("function", .object(function))])))
        }
        return """
            # Tools

            You may call one or more functions to assist with the user query.

            You are provided with function signatures within <tools></tools> XML tags:
            <tools>
            \(harmless(signatures.joined(separator: "\n")))
            </tools>

            For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
            <tool_call>
            {"name": <function-name>, "arguments": <arguments-as-json-object>}
            </tool_call>
            """
    }

    private mutating func append(_ item: Item) {
        switch item.body {
        case .message(let message):
            let text = message.content.compactMap(\.spoken).joined(separator: " ")
            add(ChatMessage.Role(message.role), Self.harmless(text))
        case .functionCall(let call):
            let name = Self.json(.string(call.name))
            let arguments = call.arguments.isEmpty ? "{}" : call.arguments
            add(
                .assistant, Self.harmless("<tool_call>\n{\"name\": \(name), \"arguments\": \(arguments)}\n</tool_call>")
            )
        case .functionCallOutput(let output):
            let text = "The function's result is: \(output.output)\nTell me in one sentence what it says."
            add(.user, Self.harmless(text))
        }
    }

    /// Messages of one role in a row become one, as templates want them to alternate.
    private mutating func add(_ role: ChatMessage.Role, _ text: String) {
        guard !text.isEmpty else { return }
        if role != .system, messages.last?.role == role {
            messages[messages.count - 1].text += "\n" + text
        } else {
            messages.append(ChatMessage(role: role, text: text))
        }
    }

    /// Marks of chat templates in somebody's text must not count as such.
    static func harmless(_ text: String) -> String {
        text.replacing("<|", with: "< |").replacing("\0", with: " ")
    }

    private static func json(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension ChatMessage.Role {
    fileprivate init(_ role: Message.Role) {
        switch role {
        case .system: self = .system
        case .user: self = .user
        case .assistant: self = .assistant
        }
    }
}

extension ContentPart {
    /// What a language model sees of it; nil for what it cannot see.
    fileprivate var spoken: String? {
        switch self {
        case .inputText(let text), .outputText(let text): text
        case .inputAudio(let transcript, _), .outputAudio(let transcript, _): transcript
        case .inputImage: nil
        }
    }
}
