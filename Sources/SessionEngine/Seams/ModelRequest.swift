package import RealtimeProtocol

/// What a language model is asked: all it may know of the session.
package struct ModelRequest: Equatable, Sendable {
    package var instructions: String
    /// The context, oldest first, already cut to the window. Audio is there as its transcript; for a language model that hears,
    /// what the user said since its last answer is there as a WAVE file of 16 kHz as well.
    package var items: [Item]
    package var tools: [Tool]
    package var toolChoice: ToolChoice
    package var parallelToolCalls: Bool?
    package var reasoningEffort: ReasoningEffort?
    package var maxOutputTokens: MaxOutputTokens
    package var outputModality: OutputModality

    package init(
        instructions: String, items: [Item], tools: [Tool], toolChoice: ToolChoice, parallelToolCalls: Bool?,
        reasoningEffort: ReasoningEffort?, maxOutputTokens: MaxOutputTokens, outputModality: OutputModality
    ) {
        self.instructions = instructions
        self.items = items
        self.tools = tools
        self.toolChoice = toolChoice
        self.parallelToolCalls = parallelToolCalls
        self.reasoningEffort = reasoningEffort
        self.maxOutputTokens = maxOutputTokens
        self.outputModality = outputModality
    }
}

/// One piece of what a language model says, in order.
package enum ModelOutput: Equatable, Sendable {
    /// Text of a message; the first after a call, or after `messageEnd`, begins a new one.
    case text(String)
    case messageEnd
    /// A function call begins; a nil id is made by the session.
    case functionCall(FunctionCallID?, name: String)
    /// Arguments of the call begun last.
    case arguments(String)
    case functionCallEnd
}

/// How a language model ended.
package enum ModelEnd: Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        case stop
        case maxOutputTokens
        case contentFilter
    }

    /// Finished by itself; `usage` in the model's own tokens, nil where it does not count.
    case finished(Reason, usage: ModelUsage?)
    case failed(EngineFailure)
}

/// Text tokens as the model counted them.
package struct ModelUsage: Equatable, Sendable {
    package var inputTokens: Int
    /// Part of `inputTokens`, taken from a cache.
    package var cachedTokens: Int
    package var outputTokens: Int

    package init(inputTokens: Int, cachedTokens: Int, outputTokens: Int) {
        self.inputTokens = inputTokens
        self.cachedTokens = cachedTokens
        self.outputTokens = outputTokens
    }
}

/// Why a stage of the engine did not deliver; the words go to the client.
package struct EngineFailure: Error, Equatable, Sendable {
    package var code: String
    package var message: String
    /// When a server said to come again; not for the client.
    package var retryAfter: Duration?

    package init(code: String, message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }
}
