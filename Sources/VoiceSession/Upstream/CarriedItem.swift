import RealtimeProtocol
import SessionEngine

/// One item of a carried conversation. Pure.
struct CarriedItem: Equatable, Sendable {
    /// More parts than this no message has.
    private static let maxParts = 64
    private static let samplesPerMs = 24

    /// One part of a message.
    struct Part: Equatable, Sendable {
        /// As it was shown; `text` counts, where there is any.
        var object: JSONObject
        /// Written, or said.
        var text = ""
        /// Of its audio, at 24 kHz.
        var samples = 0
        /// Nil: all of it.
        var heardMs: Int?

        /// What of the text counts.
        var heardText: String {
            guard let heardMs else { return text }
            let heardSamples = heardMs * CarriedItem.samplesPerMs
            guard samples > 0 else { return heardMs > 0 ? text : "" }
            return HeardText.prefix(of: text, fraction: Double(heardSamples) / Double(samples))
        }
    }

    enum Body: Equatable, Sendable {
        case message(role: String, [Part])
        case call(JSONObject, isDone: Bool)
        case result(JSONObject)
        /// Something else that a client may create.
        case passed(JSONObject)
    }

    let id: String
    private(set) var body: Body
    /// About what it takes, kept since texts are long and asked for often.
    private(set) var byteCount = 0

    /// Nil for what no client can create.
    init?(id: String, _ object: JSONObject) {
        self.id = id
        switch object["type"]?.string {
        case "message": body = .message(role: object["role"]?.string ?? "", [])
        case "function_call": body = .call(object, isDone: false)
        case "function_call_output": body = .result(object)
        case "mcp_approval_response": body = .passed(object)
        default: return nil
        }
        update(object)
    }

    /// Takes a later state. Texts that are known already stay where the new state has none.
    mutating func update(_ object: JSONObject) {
        switch body {
        case .message(let role, var parts):
            for (index, value) in (object["content"]?.array ?? []).prefix(Self.maxParts).enumerated() {
                guard let content = value.object else { continue }
                while parts.count <= index { parts.append(Part(object: JSONObject())) }
                parts[index].take(content)
            }
            body = .message(role: role, parts)
        case .call(let known, let isDone):
            let isWhole = isDone || object["status"]?.string == "completed"
            body = .call(object["arguments"]?.string?.isEmpty == false ? object : known, isDone: isWhole)
        case .result: body = .result(object)
        case .passed: body = .passed(object)
        }
        weigh()
    }

    mutating func change(_ contentIndex: Int, _ change: (inout Part) -> Void) {
        guard case .message(let role, var parts) = body, (0..<Self.maxParts).contains(contentIndex) else { return }
        while parts.count <= contentIndex { parts.append(Part(object: JSONObject())) }
        let before = parts[contentIndex].text.utf8.count
        change(&parts[contentIndex])
        byteCount += parts[contentIndex].text.utf8.count - before
        body = .message(role: role, parts)
    }

    private mutating func weigh() {
        switch body {
        case .message(_, let parts):
            byteCount = parts.reduce(0) {
                $0 + $1.text.utf8.count + ($1.object["image_url"]?.string?.utf8.count ?? 0)
            }
        case .call(let call, _): byteCount = call["arguments"]?.string?.utf8.count ?? 0
        case .result(let result): byteCount = result["output"]?.string?.utf8.count ?? 0
        case .passed: byteCount = 0
        }
    }

    /// The item of a `conversation.item.create` that makes it again; nil for one without content.
    var creation: JSONObject? {
        let known = [("id", JSONValue.string(id))]
        switch body {
        case .message(let role, let parts):
            let content = parts.compactMap { $0.creation(role) }
            guard !content.isEmpty else { return nil }
            return JSONObject(
                known + [("type", .string("message")), ("role", .string(role)), ("content", .array(content))])
        case .call(let object, _), .result(let object), .passed(let object):
            let kept = ["type", "name", "call_id", "arguments", "output", "approval_request_id", "approve", "reason"]
            return JSONObject(known + object.members.filter { kept.contains($0.name) }.map { ($0.name, $0.value) })
        }
    }

    /// As an event shows it.
    func object(status: String) -> JSONObject {
        var object: JSONObject
        switch body {
        case .message(let role, let parts):
            object = JSONObject([
                ("id", .string(id)), ("type", .string("message")), ("role", .string(role)),
                ("content", .array(parts.map(\.shown))),
            ])
        case .call(let known, _), .result(let known), .passed(let known): object = known
        }
        object["status"] = .string(status)
        return object
    }
}

extension CarriedItem.Part {
    fileprivate mutating func take(_ content: JSONObject) {
        var content = content
        // Sound stays with the upstream.
        content["audio"] = nil
        if let said = (content["text"] ?? content["transcript"])?.string, !said.isEmpty || heardMs == nil {
            // An item that was cut is shown without its transcript afterwards: what is known of it counts.
            if heardMs == nil, !(said.isEmpty && !text.isEmpty) { text = said }
        }
        object = content
    }

    fileprivate func creation(_ role: String) -> JSONValue? {
        if object["type"]?.string == "input_image", object["image_url"]?.string != nil { return .object(object) }
        let text = heardText
        guard !text.isEmpty else { return nil }
        let type = role == "assistant" ? "output_text" : "input_text"
        return .object(JSONObject([("type", .string(type)), ("text", .string(text))]))
    }

    fileprivate var shown: JSONValue {
        var shown = object
        let isSpoken = shown["type"]?.string?.hasSuffix("audio") ?? (samples > 0)
        if shown["type"] == nil { shown["type"] = .string(isSpoken ? "output_audio" : "output_text") }
        if shown["type"] != .string("input_image") {
            shown[isSpoken ? "transcript" : "text"] = .string(heardText)
        }
        return .object(shown)
    }
}
