import RealtimeProtocol

/// Watches what a language model says for what nobody should be told: text that repeats itself without end, text that is
/// no UTF-8, a function call whose arguments are no JSON object.
struct OutputGuard: Equatable, Sendable {
    /// Bytes of the longest phrase whose repetition is noticed, how often it must come in a row, and the least it fills.
    private static let longestPhrase = 160
    private static let repetitions = 6
    private static let leastBytes = 180
    /// Replacement characters (U+FFFD) that text may hold; each stands for bytes that were no UTF-8.
    private static let maxReplacements = 8

    private var tail: [UInt8] = []
    private var replacements = 0
    private var arguments: [UInt8] = []

    /// Why the piece makes the answer worthless; nil for a good one.
    mutating func fault(in piece: ModelOutput) -> EngineFailure? {
        switch piece {
        case .text(let text): return fault(in: text)
        case .functionCall: arguments = []
        case .arguments(let text): arguments += text.utf8
        case .functionCallEnd:
            guard case .object? = try? JSONParser.parse(arguments.isEmpty ? Array("{}".utf8) : arguments) else {
                return .invalidOutput("The language model called a function with arguments that are no JSON object.")
            }
        case .messageEnd: break
        }
        return nil
    }

    private mutating func fault(in text: String) -> EngineFailure? {
        replacements += text.unicodeScalars.count { $0 == "\u{FFFD}" }
        if replacements > Self.maxReplacements {
            return .invalidOutput("The language model's text is no UTF-8.")
        }
        tail += text.utf8
        tail.removeFirst(max(0, tail.count - Self.longestPhrase * Self.repetitions))
        guard (1...Self.longestPhrase).contains(where: repeats) else { return nil }
        return .invalidOutput("The language model repeats itself without end.")
    }

    /// Whether the text ends with a phrase of so many bytes, again and again.
    private func repeats(phrase: Int) -> Bool {
        let length = max(Self.leastBytes, phrase * Self.repetitions)
        guard tail.count >= length else { return false }
        return (tail.count - length..<tail.count - phrase).reversed().allSatisfy { tail[$0] == tail[$0 + phrase] }
    }
}

extension EngineFailure {
    static let emptyAnswer = invalidOutput("The language model gave an empty answer.")

    static func invalidOutput(_ message: String) -> EngineFailure {
        EngineFailure(code: "model_output_invalid", message: message)
    }

    /// A stage that said nothing for too long.
    package static func timeout(_ stage: String, _ limit: Duration) -> EngineFailure {
        EngineFailure(
            code: "stage_timeout",
            message: "The \(stage) gave nothing for \(limit.components.seconds) s.")
    }
}
