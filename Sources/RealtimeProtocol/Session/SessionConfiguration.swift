/// The effective configuration of one session: what `session.created` shows and `session.update` changes (RT-053 to RT-080).
package struct SessionConfiguration: Equatable, Sendable {
    /// What the session is for; it cannot change (RT-078).
    package enum Kind: String, CaseIterable, Sendable {
        case realtime
        case transcription
    }

    package var kind: Kind
    /// As the client named it; which engine that is, the gateway decides.
    package var model: String
    package var outputModality: OutputModality = .audio
    package var instructions: String = ""
    /// Functions.
    package var tools: [Tool] = []
    /// MCP servers; with `tools` they are the `tools` of the wire.
    package var servers: [MCPTool] = []
    package var toolChoice: ToolChoice = .auto
    package var parallelToolCalls: Bool?
    package var reasoningEffort: ReasoningEffort?
    package var maxOutputTokens: MaxOutputTokens = .infinite
    /// Accepted and echoed; nothing is traced.
    package var tracing: JSONValue = .null
    package var truncation: Truncation = .auto
    /// Nil is null on the wire.
    package var include: [String]?
    package var input: AudioInputConfiguration
    package var output = AudioOutputConfiguration()

    package init(kind: Kind, model: String) {
        self.kind = kind
        self.model = model
        input = AudioInputConfiguration(kind: kind)
    }
}

/// `["audio"]` or `["text"]`, never both (RT-061); audio always comes with its transcript.
package enum OutputModality: String, CaseIterable, Sendable {
    case audio
    case text
}

/// `max_output_tokens`: 1 to 4096, or `"inf"` (RT-062).
package enum MaxOutputTokens: Equatable, Sendable {
    case infinite
    case tokens(Int)
}

/// `reasoning.effort` (RT-072).
package enum ReasoningEffort: String, CaseIterable, Sendable {
    case minimal, low, medium, high, xhigh
}

/// How the context is cut when it grows over the model's window (RT-075, RT-184, RT-185).
package enum Truncation: Equatable, Sendable {
    case auto
    case disabled
    /// Once over the limit, items are dropped until `ratio` of it remains; `postInstructions` lowers the limit itself.
    case retention(ratio: Double, postInstructions: Int?)
}
