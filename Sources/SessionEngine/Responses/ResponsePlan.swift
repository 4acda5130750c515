import RealtimeProtocol

/// What one response goes by, fixed when it is created: the session's configuration under its own overrides.
struct ResponsePlan: Equatable, Sendable {
    /// One item of the context.
    enum ContextItem: Equatable, Sendable {
        /// By reference: what it says when the response starts counts.
        case conversation(ItemID)
        /// Given with the response, seen by it alone.
        case given(Item, audioMs: [Int: Int])

        var id: ItemID {
            switch self {
            case .conversation(let id): id
            case .given(let item, _): item.id
            }
        }
    }

    let isOutOfBand: Bool
    var context: [ContextItem]
    let instructions: String
    /// Functions.
    let tools: [Tool]
    let servers: [ResolvedServer]
    /// Whether the servers came with the response itself.
    let namesServers: Bool
    let toolChoice: ToolChoice
    let parallelToolCalls: Bool?
    let reasoningEffort: ReasoningEffort?
    let maxOutputTokens: MaxOutputTokens
    let modality: OutputModality
    let format: AudioFormat
    let voice: Voice
    let speed: Double
    let truncation: Truncation
    let metadata: JSONObject?

    init(
        _ parameters: ResponseParameters, _ session: SessionConfiguration, servers: [ResolvedServer],
        context: [ContextItem]
    ) {
        isOutOfBand = parameters.isOutOfBand
        self.context = context
        instructions = parameters.instructions ?? session.instructions
        tools = parameters.tools ?? session.tools
        self.servers = servers
        namesServers = parameters.servers != nil
        toolChoice = parameters.toolChoice ?? session.toolChoice
        parallelToolCalls = parameters.parallelToolCalls ?? session.parallelToolCalls
        reasoningEffort = parameters.reasoningEffort ?? session.reasoningEffort
        maxOutputTokens = parameters.maxOutputTokens ?? session.maxOutputTokens
        modality = parameters.outputModality ?? session.outputModality
        format = parameters.outputFormat ?? session.output.format
        voice = parameters.voice ?? session.output.voice
        speed = session.output.speed
        truncation = session.truncation
        metadata = parameters.metadata
    }
}
