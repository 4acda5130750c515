/// `response.create.response`: overrides for one response; nil is absent, and so is null (RT-106 to RT-116).
package struct ResponseParameters: Equatable, Sendable {
    /// An entry of `input`.
    package enum Input: Equatable, Sendable {
        case item(NewItem)
        case reference(ItemID)
    }

    /// `conversation: "none"`: beside the conversation, in parallel with its response.
    package var isOutOfBand = false
    /// Present, even empty: the whole context of this response.
    package var input: [Input]?
    package var instructions: String?
    package var outputModality: OutputModality?
    package var outputFormat: AudioFormat?
    package var voice: Voice?
    package var tools: [Tool]?
    /// Nil where `tools` is.
    package var servers: [MCPTool]?
    package var toolChoice: ToolChoice?
    package var parallelToolCalls: Bool?
    package var reasoningEffort: ReasoningEffort?
    package var maxOutputTokens: MaxOutputTokens?
    /// At most 16 pairs, names to 64 and values to 512 characters; echoed.
    package var metadata: JSONObject?

    package init() {}
}
