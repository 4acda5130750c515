package import RealtimeProtocol

/// Counts the tokens of one response (RT-186 to RT-189): audio by the documented formula, text as the model counted, or
/// estimated where it did not.
package struct ResponseMeter: Equatable, Sendable {
    private static let inputAudioMsPerToken = 100
    private static let outputAudioMsPerToken = 50

    /// The context's own, set when the model starts.
    private var input: Usage.Details
    private var outputTextBytes = 0
    private var model: ModelUsage?

    /// - Parameter input: what goes in, where that is known before the model starts.
    package init(input: Usage.Details = Usage.Details()) { self.input = input }

    /// Sets what goes in: estimated text, and audio of both sides by its length.
    mutating func start(textTokens: Int, userAudioMs: Int, assistantAudioMs: Int) {
        input.text = textTokens
        input.audio = userAudioMs / Self.inputAudioMsPerToken + assistantAudioMs / Self.outputAudioMsPerToken
    }

    package mutating func say(_ output: ModelOutput) {
        switch output {
        case .text(let text), .arguments(let text): outputTextBytes += text.utf8.count
        case .functionCall(_, let name): outputTextBytes += name.utf8.count
        case .messageEnd, .functionCallEnd: break
        }
    }

    mutating func count(_ usage: ModelUsage?) { model = usage }

    /// The usage so far, with this much speech made (24 kHz).
    package func usage(samples: Int) -> Usage {
        var usage = Usage(input: input)
        usage.output.audio = samples / SpokenPart.samplesPerMs / Self.outputAudioMsPerToken
        if let model {
            usage.input.text = max(0, model.inputTokens)
            usage.cached.text = min(max(0, model.cachedTokens), usage.input.text)
            usage.output.text = max(0, model.outputTokens)
        } else {
            usage.output.text = TokenEstimate.tokens(bytes: outputTextBytes)
        }
        return usage
    }
}
