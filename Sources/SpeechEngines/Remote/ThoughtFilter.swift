/// Leaves out a model's thinking aloud, `<think>…</think>` before its answer, which nobody wants to hear.
struct ThoughtFilter {
    private enum State {
        /// Nothing but space, or a part of the opening mark, so far.
        case beginning
        case thinking
        /// The space between thought and answer.
        case between
        case answering
    }

    private static let open = "<think>"
    private static let close = "</think>"

    private var state = State.beginning
    private var held = ""

    mutating func feed(_ text: String) -> String {
        if case .answering = state { return text }
        held += text
        if case .beginning = state {
            let start = held.drop(while: \.isWhitespace)
            if start.hasPrefix(Self.open) {
                state = .thinking
            } else if start.isEmpty || Self.open.hasPrefix(start) {
                return ""
            } else {
                return release()
            }
        }
        if case .thinking = state {
            guard let end = held.firstRange(of: Self.close) else { return "" }
            held.removeSubrange(..<end.upperBound)
            state = .between
        }
        held.removeSubrange(..<(held.firstIndex { !$0.isWhitespace } ?? held.endIndex))
        return held.isEmpty ? "" : release()
    }

    /// What was held back and turned out to be no thought.
    mutating func finish() -> String {
        if case .beginning = state { release() } else { "" }
    }

    private mutating func release() -> String {
        defer { held = "" }
        state = .answering
        return held
    }
}
