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
    /// Whether earlier turns were left out, so that only a call is a good answer: words need to know what was said.
    var wantsCall = false

    /// `inWords`: without functions, for a model that would call one that nobody offered.
    init(_ request: ModelRequest, inWords: Bool = false) {
        let hasResult = request.items.last?.isResult ?? false
        // With the functions still before it, a small model calls again instead of telling the result.
        let offered = inWords || hasResult || request.toolChoice == .none ? [] : request.tools
        messages = [ChatMessage(role: .system, text: Self.system(request, offered))]
        let turns = Self.turns(of: request.items)
        for (index, turn) in turns.enumerated() {
            // With an answer before it, in words or from a function, a small model makes up the next one instead of calling.
            let leavesOut = !offered.isEmpty && index < turns.count - 1 && !turn.allSatisfy(\.isContext)
            if leavesOut { wantsCall = true }
            for item in turn where !leavesOut || item.isContext { append(item, of: request) }
        }
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

    /// Each begins with a message of the user.
    private static func turns(of items: [Item]) -> [[Item]] {
        items.reduce(into: []) { turns, item in
            if turns.isEmpty || item.isFromUser {
                turns.append([item])
            } else {
                turns[turns.count - 1].append(item)
            }
        }
    }

    private static func system(_ request: ModelRequest, _ tools: [Tool]) -> String {
        var parts = [request.instructions.isEmpty ? Dialogue.persona : harmless(request.instructions)]
        if request.outputModality == .audio {
            parts.append(Dialogue.spokenStyle)
        } else if request.instructions.isEmpty {
            parts.append(Dialogue.writtenStyle)
        }
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

            Most questions need no function: answer them in words.
            """
    }

    private mutating func append(_ item: Item, of request: ModelRequest) {
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
            // Asked to tell a result, a small model repeats its JSON; words it puts into a sentence.
            let name = Self.name(ofCall: output.callID, in: request.items) ?? "The function"
            let words = Self.words(output.output)
            let end = words.last?.isPunctuation == true ? "" : "."
            let text = "\(name) says: \(words)\(end)\nSay this to me in one short sentence."
            add(.user, Self.harmless(text))
        case .mcp: break
        }
    }

    private static func name(ofCall id: FunctionCallID, in items: [Item]) -> String? {
        for case .functionCall(let call) in items.lazy.map(\.body) where call.callID == id { return call.name }
        return nil
    }

    /// A result without the signs of JSON: "temperature 17, sky cloudy". Other text as it is.
    static func words(_ output: String) -> String {
        guard let value = try? JSONParser.parse(Array(output.utf8)) else { return output }
        return words(value)
    }

    private static func words(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .array(let values): values.map(words).joined(separator: ", ")
        case .object(let object):
            object.members.map { "\($0.name.replacing("_", with: " ")) \(words($0.value))" }.joined(separator: ", ")
        default: json(value)
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

extension Item {
    fileprivate var isFromUser: Bool { if case .message(let message) = body { message.role == .user } else { false } }
    /// What the client told the model besides the conversation.
    fileprivate var isContext: Bool { if case .message(let message) = body { message.role == .system } else { false } }
    fileprivate var isResult: Bool { if case .functionCallOutput = body { true } else { false } }
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
