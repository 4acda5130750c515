package import RealtimeProtocol

/// What a scripted engine hears and says (docs/scripted-engine.md).
package struct Script: Equatable, Sendable {
    package struct Limits: Equatable, Sendable {
        package var contextTokens: Int
        package var maxOutputTokens: Int

        package init(contextTokens: Int = 32_000, maxOutputTokens: Int = 4_096) {
            self.contextTokens = contextTokens
            self.maxOutputTokens = maxOutputTokens
        }
    }

    /// How long each stage takes, in ms.
    package struct Timing: Equatable, Sendable {
        /// From the end of a turn to its transcript.
        package var recogniserMs: Int
        /// From the request to the first token of a reply.
        package var firstTokenMs: Int
        /// From each token to the next.
        package var tokenMs: Int
        /// Length of a spoken word at speed 1.
        package var wordMs: Int

        package init(recogniserMs: Int = 80, firstTokenMs: Int = 60, tokenMs: Int = 10, wordMs: Int = 280) {
            self.recogniserMs = recogniserMs
            self.firstTokenMs = firstTokenMs
            self.tokenMs = tokenMs
            self.wordMs = wordMs
        }
    }

    /// All conditions that are there must hold.
    package struct Condition: Equatable, Sendable {
        package var user: TextPattern?
        /// The name of the function whose output is the last item.
        package var toolOutput: String?
        package var instructions: TextPattern?

        package init(user: TextPattern? = nil, toolOutput: String? = nil, instructions: TextPattern? = nil) {
            self.user = user
            self.toolOutput = toolOutput
            self.instructions = instructions
        }
    }

    /// `{user}` and `{tool_output}` in a text or an argument stand for what was said and given back last.
    package enum Step: Equatable, Sendable {
        case say(String)
        case call(name: String, arguments: JSONObject)
        case messageEnd
        /// Nothing comes for so long.
        case wait(ms: Int)
        case fail(code: String, message: String)
        case stop(Stop)
    }

    package enum Stop: String, CaseIterable, Sendable {
        case maxOutputTokens = "max_output_tokens"
        case contentFilter = "content_filter"
    }

    package struct Rule: Equatable, Sendable {
        package var when: Condition
        package var reply: [Step]

        package init(when: Condition = Condition(), reply: [Step]) {
            self.when = when
            self.reply = reply
        }
    }

    package var limits = Limits()
    package var timing = Timing()
    /// What becomes of a spoken turn.
    package enum Hearing: Equatable, Sendable {
        case transcript(String)
        case fail(code: String, message: String)
    }

    /// How finished every pause sounds, 0 to 1, to `semantic_vad`; nil: there is no turn detector, and it goes by silence.
    package var turnScore: Double?
    /// Of a session's spoken turns, over and over; none means that nothing is understood.
    package var hears: [Hearing] = []
    /// The first that matches counts.
    package var rules: [Rule] = []

    package init() {}
}

/// A part of a text, letter case aside, or a regular expression.
package struct TextPattern: Equatable, Sendable {
    private let source: String
    private let isExpression: Bool

    /// `/…/` is a regular expression, anything else is looked for as it stands. Nil for an expression that is none.
    package init?(_ text: String) {
        isExpression = text.count > 2 && text.hasPrefix("/") && text.hasSuffix("/")
        source = isExpression ? String(text.dropFirst().dropLast()) : text.lowercased()
        if isExpression, (try? Regex(source)) == nil { return nil }
    }

    package func matches(_ text: String) -> Bool {
        guard isExpression else { return text.lowercased().contains(source) }
        guard let expression = try? Regex(source).ignoresCase() else { return false }
        return text.contains(expression)
    }
}
