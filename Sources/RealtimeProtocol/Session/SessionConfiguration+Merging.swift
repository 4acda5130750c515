extension SessionConfiguration {
    /// A session as a client secret, the form of a call or a sealed token describe it.
    ///
    /// - Parameters:
    ///   - defaultModel: used when the object names none.
    ///   - path: of the object, for errors.
    package init(
        parsing object: JSONObject, defaultModel: String, path: String = "session"
    ) throws(ProtocolError) {
        let fields = JSONFields(object, path: path)
        let kind = try fields.choice("type", Kind.self) ?? .realtime
        self.init(kind: kind, model: try fields.string("model") ?? defaultModel)
        try merge(fields)
    }

    /// The configuration after a `session.update`; on an error nothing has changed (RT-055 to RT-063, RT-067 to RT-080).
    ///
    /// What is absent stays. Null clears what can be null and leaves the rest as it is. Fields nobody knows are
    /// tolerated, among them `model`, `temperature` and the flat names of the beta dialect: clients send them all
    /// their lives, and the session in `session.updated` shows what counts.
    package func merging(_ update: JSONObject, path: String = "session") throws(ProtocolError) -> SessionConfiguration {
        var merged = self
        try merged.merge(JSONFields(update, path: path))
        return merged
    }

    private mutating func merge(_ fields: JSONFields) throws(ProtocolError) {
        if let type = try fields.choice("type", Kind.self), type != kind {
            throw .invalid(fields.path(of: "type"), "this is a \(kind.rawValue) session, and stays one")
        }
        if fields.has("include") { include = try Self.include(fields) }
        let audio = try fields.fields("audio")
        if let audio = try audio?.fields("input") { try input.merge(audio, kind: kind) }
        guard kind == .realtime else { return }
        if let audio = try audio?.fields("output") { try output.merge(audio) }
        try mergeModel(fields)
    }

    private mutating func mergeModel(_ fields: JSONFields) throws(ProtocolError) {
        outputModality = try fields.outputModality("output_modalities") ?? outputModality
        instructions = try fields.string("instructions") ?? instructions
        (tools, servers) = try fields.tools("tools") ?? (tools, servers)
        toolChoice = try fields.toolChoice("tool_choice") ?? toolChoice
        maxOutputTokens = try fields.maxOutputTokens("max_output_tokens") ?? maxOutputTokens
        if fields.has("parallel_tool_calls") { parallelToolCalls = try fields.bool("parallel_tool_calls") }
        if let reasoning = try fields.fields("reasoning") {
            if reasoning.has("effort") { reasoningEffort = try reasoning.choice("effort") }
        } else if fields.has("reasoning") {
            reasoningEffort = nil
        }
        if fields.has("tracing") { tracing = try Self.tracing(fields) }
        if fields.value("truncation") != nil { truncation = try Self.truncation(fields, current: truncation) }
        try fields.refusePrompt("prompt")
    }

    private static let includable = ["item.input_audio_transcription.logprobs"]

    private static func include(_ fields: JSONFields) throws(ProtocolError) -> [String]? {
        let include = try fields.strings("include")
        for (index, name) in (include ?? []).enumerated() where !includable.contains(name) {
            throw .unknownWord("\(fields.path(of: "include"))[\(index)]", name, known: includable)
        }
        return include
    }

    private static func tracing(_ fields: JSONFields) throws(ProtocolError) -> JSONValue {
        switch fields.value("tracing") {
        case nil: return .null
        case .string("auto"): return .string("auto")
        case .string(let word): throw .unknownWord(fields.path(of: "tracing"), word, known: ["auto"])
        case .object(let object):
            let tracing = JSONFields(object, path: fields.path(of: "tracing"))
            _ = try tracing.string("workflow_name")
            _ = try tracing.string("group_id")
            _ = try tracing.fields("metadata")
            // Strict clients reject an echo with members the type does not have.
            let known = ["workflow_name", "group_id", "metadata"]
            return .object(
                JSONObject(
                    object.members.filter { known.contains($0.name) && $0.value != .null }
                        .map { ($0.name, $0.value) }))
        case let value?: throw .wrongType(fields.path(of: "tracing"), "\"auto\" or an object", value)
        }
    }

    private static func truncation(_ fields: JSONFields, current: Truncation) throws(ProtocolError) -> Truncation {
        let words = ["auto", "disabled", "retention_ratio"]
        switch fields.value("truncation") {
        case .string("auto"): return .auto
        case .string("disabled"): return .disabled
        case .string(let word): throw .unknownWord(fields.path(of: "truncation"), word, known: words)
        default: break
        }
        let object = try fields.requiredFields("truncation")
        let type = try object.requiredString("type")
        guard type == "retention_ratio" else { throw .unknownWord(object.path(of: "type"), type, known: [words[2]]) }
        var (ratio, postInstructions): (Double?, Int?) = (nil, nil)
        if case .retention(let currentRatio, let currentLimit) = current {
            (ratio, postInstructions) = (currentRatio, currentLimit)
        }
        guard let ratio = try object.number("retention_ratio", in: 0...1) ?? ratio else {
            throw .missing(object.path(of: "retention_ratio"))
        }
        if object.has("token_limits") {
            postInstructions = try object.fields("token_limits")?.integer("post_instructions", in: 0...Int.max)
        }
        return .retention(ratio: ratio, postInstructions: postInstructions)
    }
}
