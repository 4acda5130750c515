import RealtimeProtocol
import SessionEngine

/// A request as a script sees it: what was said last, what a tool gave back, which tools may be called. Pure.
struct ScriptedScene {
    private let request: ModelRequest
    private let user: String
    /// The output that is the last item, and the function it came from.
    private let toolOutput: (name: String, output: String)?

    init(_ request: ModelRequest) {
        self.request = request
        user = request.items.last { $0.isFromUser }.map(\.text) ?? ""
        toolOutput = Self.toolOutput(request.items)
    }

    /// Words of the instructions and of every item.
    var tokens: Int {
        request.instructions.tokens.count + request.items.reduce(0) { $0 + $1.text.tokens.count }
    }

    /// The steps of the first rule that matches; the forced call where that has none.
    func reply(by rules: [Script.Rule]) -> [Script.Step] {
        let steps = rules.first { matches($0) }.map { allowed($0.reply) } ?? []
        guard let forced = forcedCall, !steps.contains(where: \.isCall) else { return steps }
        return [.call(name: forced, arguments: JSONObject())]
    }

    func filled(_ text: String) -> String {
        text.replacing("{user}", with: user).replacing("{tool_output}", with: toolOutput?.output ?? "")
    }

    /// As JSON text.
    func filled(_ arguments: JSONObject) -> String {
        var writer = JSONWriter()
        writer.value(filled(.object(arguments)))
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func filled(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(filled(text))
        case .array(let elements): .array(elements.map { filled($0) })
        case .object(let object): .object(JSONObject(object.members.map { ($0.name, filled($0.value)) }))
        default: value
        }
    }

    /// A rule that calls a function the client does not have is passed over.
    private func matches(_ rule: Script.Rule) -> Bool {
        let condition = rule.when
        if let pattern = condition.user, toolOutput != nil || !pattern.matches(user) { return false }
        if let name = condition.toolOutput, toolOutput?.name != name { return false }
        if let pattern = condition.instructions, !pattern.matches(request.instructions) { return false }
        return rule.reply.allSatisfy { step in
            guard case .call(let name, _) = step else { return true }
            return request.tools.contains { $0.name == name }
        }
    }

    /// Without the calls that the client does not allow this time.
    private func allowed(_ steps: [Script.Step]) -> [Script.Step] {
        var isCalling = false
        return steps.filter { step in
            guard case .call(let name, _) = step else { return true }
            guard mayCall(name), request.parallelToolCalls != false || !isCalling else { return false }
            isCalling = true
            return true
        }
    }

    private func mayCall(_ name: String) -> Bool {
        switch request.toolChoice {
        case .none: false
        case .function(let only): only == name
        case .auto, .required, .mcp: true
        }
    }

    private var forcedCall: String? {
        switch request.toolChoice {
        case .required: request.tools.first?.name
        case .function(let name): name
        case .auto, .none, .mcp: nil
        }
    }

    private static func toolOutput(_ items: [Item]) -> (name: String, output: String)? {
        guard case .functionCallOutput(let output) = items.last?.body else { return nil }
        for item in items.reversed() {
            if case .functionCall(let call) = item.body, call.callID == output.callID {
                return (call.name, output.output)
            }
        }
        return ("", output.output)
    }
}

extension Script.Step {
    fileprivate var isCall: Bool {
        if case .call = self { true } else { false }
    }
}

extension Item {
    fileprivate var isFromUser: Bool {
        if case .message(let message) = body { message.role == .user } else { false }
    }

    /// Everything of it that is text.
    fileprivate var text: String {
        switch body {
        case .message(let message): message.content.map(\.text).joined(separator: " ")
        case .functionCall(let call): call.arguments
        case .functionCallOutput(let output): output.output
        case .mcp: ""
        }
    }
}

extension ContentPart {
    fileprivate var text: String {
        switch self {
        case .inputText(let text), .outputText(let text): text
        case .inputAudio(let transcript, _), .outputAudio(let transcript, _): transcript ?? ""
        case .inputImage: ""
        }
    }
}
