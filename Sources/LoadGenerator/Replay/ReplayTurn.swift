import RealtimeProtocol

/// One answer, then and now.
package struct ReplayTurn: Equatable, Sendable {
    /// What came of a response.
    package struct Answer: Equatable, Sendable {
        /// What was said or written.
        package var words = ""
        /// Tools called, with their arguments.
        package var calls: [String] = []
        package var status = ""
        /// Why it failed, in the server's words.
        package var failure: String?

        /// Of a `response.done`.
        init?(_ event: JSONObject) {
            guard let response = event.object("response") else { return nil }
            status = response.text("status") ?? ""
            failure = response.object("status_details")?.object("error").flatMap {
                $0.text("message") ?? $0.text("code")
            }
            for item in response.objects("output") {
                switch item.text("type") {
                case "message"?:
                    let parts = item.objects("content").compactMap { $0.text("transcript") ?? $0.text("text") }
                    words = ([words] + parts).filter { !$0.isEmpty }.joined(separator: " ")
                case "function_call"?, "mcp_call"?:
                    calls.append("\(item.text("name") ?? "") \(item.text("arguments") ?? "")")
                default: break
                }
            }
        }

        var text: String {
            var parts = words.isEmpty ? [] : [words]
            parts += calls.map { "calls \($0)" }
            if status != "completed" { parts.append("(\(status)\(failure.map { ": \($0)" } ?? ""))") }
            return parts.isEmpty ? "(nothing)" : parts.joined(separator: " ")
        }
    }

    /// From 1.
    package var number: Int
    package var asked: [String]
    /// Nil: the recording has no such answer.
    package var then: Answer?
    package var now: Answer

    /// For people.
    package var text: String {
        var lines = asked.map { "  you   \($0)" }
        if then == now {
            lines.append("  same  \(now.text)")
        } else {
            lines.append("  then  \(then?.text ?? "(no such answer)")")
            lines.append("  now   \(now.text)")
        }
        return (["Turn \(number)"] + lines).joined(separator: "\n")
    }
}

/// Answers as they end, beside those of the recording. They are paired in order.
struct ReplayTurns: Sendable {
    private let asked: [[String]]
    private let then: [ReplayTurn.Answer?]
    private var ended = 0

    init(asked: [[String]], recorded: [RecordedEvent]) {
        self.asked = asked
        then = recorded.filter { $0.sender == .server && $0.type == "response.done" }.map {
            ReplayTurn.Answer($0.event)
        }
    }

    mutating func ended(_ event: JSONObject) -> ReplayTurn? {
        guard let answer = ReplayTurn.Answer(event) else { return nil }
        ended += 1
        let place = ended - 1
        return ReplayTurn(
            number: ended, asked: asked.indices.contains(place) ? asked[place] : [],
            then: then.indices.contains(place) ? then[place] : nil, now: answer)
    }
}
