extension ResponseParameters {
    private enum Conversation: String, CaseIterable {
        case auto, none
    }

    /// `response.create.response`; null is absent (RT-116).
    init(_ fields: JSONFields) throws(ProtocolError) {
        isOutOfBand = try fields.choice("conversation", Conversation.self) == Conversation.none
        input = try Self.input(fields)
        instructions = try fields.string("instructions")
        outputModality = try fields.outputModality("output_modalities")
        if let output = try fields.fields("audio")?.fields("output") {
            outputFormat = try output.audioFormat("format", current: nil)
            voice = try output.voice("voice")
        }
        let named = try fields.tools("tools")
        (tools, servers) = (named?.functions, named?.servers)
        toolChoice = try fields.toolChoice("tool_choice")
        parallelToolCalls = try fields.bool("parallel_tool_calls")
        reasoningEffort = try fields.fields("reasoning")?.choice("effort")
        maxOutputTokens = try fields.maxOutputTokens("max_output_tokens")
        try fields.refusePrompt("prompt")
        metadata = try fields.metadata("metadata")
    }

    private static func input(_ fields: JSONFields) throws(ProtocolError) -> [Input]? {
        guard let elements = try fields.elements("input") else { return nil }
        var input: [Input] = []
        for element in elements {
            let entry = try JSONFields(element.value, path: element.path)
            if try entry.requiredString("type") == "item_reference" {
                input.append(.reference(try entry.requiredItemID("id")))
            } else {
                input.append(.item(try NewItem(entry)))
            }
        }
        return input
    }
}
