import RealtimeProtocol

/// How far a session has come, counted in what its client may wait for.
struct ReplayTally: Equatable, Sendable {
    enum Milestone: CaseIterable, Sendable {
        case opened
        case answerBegun
        case answerEnded
        /// Of a tool that the server calls itself.
        case toolEnded
        case toolsListed

        init?(type: String) {
            switch type {
            case "session.created": self = .opened
            case "response.created": self = .answerBegun
            case "response.done": self = .answerEnded
            case "response.mcp_call.completed", "response.mcp_call.failed": self = .toolEnded
            case "mcp_list_tools.completed", "mcp_list_tools.failed": self = .toolsListed
            default: return nil
            }
        }

        var words: String {
            switch self {
            case .opened: "the opening of the session"
            case .answerBegun: "the beginning of an answer"
            case .answerEnded: "the end of an answer"
            case .toolEnded: "the result of a server's tool"
            case .toolsListed: "the list of a server's tools"
            }
        }
    }

    private var counts: [Milestone: Int] = [:]

    subscript(_ milestone: Milestone) -> Int {
        get { counts[milestone] ?? 0 }
        set { counts[milestone] = newValue }
    }

    mutating func note(_ type: String) {
        if let milestone = Milestone(type: type) { self[milestone] += 1 }
    }

    /// What of `needs` has not come, with what is no longer waited for.
    func missing(of needs: ReplayTally, without lost: ReplayTally) -> [Milestone] {
        Milestone.allCases.filter { self[$0] + lost[$0] < needs[$0] }
    }
}
