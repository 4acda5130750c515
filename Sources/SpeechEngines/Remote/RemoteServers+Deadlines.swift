package import SessionEngine

extension RemoteServers {
    /// Of the session's deadline, what servers of a stage may take one after the other, so that the last one's failure comes
    /// before the session gives the stage up.
    private static let share = (part: 9, of: 10)
    /// From a request to the first output where there is another server and nothing else is said.
    private static let usualFirstOutput = Duration.seconds(5)

    /// With a deadline for each server of a stage that has several, all of them within the session's own.
    package func fitted(to session: StageDeadlines) -> RemoteServers {
        var fitted = self
        fitted.language = Self.fitted(language, to: session.firstToken)
        fitted.recogniser = Self.fitted(recogniser, to: session.recogniser)
        fitted.voice = Self.fitted(voice, to: session.voice)
        return fitted
    }

    /// In words, where the deadlines that were named leave the session's none.
    package func deadlineProblem(beside session: StageDeadlines) -> String? {
        let stages = [
            ("language", language, session.firstToken, "first-token", session.betweenTokens, "next-token"),
            ("recogniser", recogniser, session.recogniser, "recogniser", session.recogniser, "recogniser"),
            ("voice", voice, session.voice, "voice", session.voice, "voice"),
        ]
        for (stage, servers, first, firstKey, stall, stallKey) in stages {
            let named = servers.reduce(Duration.zero) { $0 + ($1.limits.firstOutput ?? .zero) }
            if named > Self.room(in: first) {
                return
                    "the deadline-ms of \(stage) add up to \(named.ms) ms, which must be at most \(Self.room(in: first).ms) "
                    + "(nine tenths of session.\(firstKey)-deadline-seconds)"
            }
            if let longest = servers.compactMap(\.limits.stall).max(), longest > Self.room(in: stall) {
                return "the stall-ms of \(stage) is \(longest.ms), which must be at most \(Self.room(in: stall).ms) "
                    + "(nine tenths of session.\(stallKey)-deadline-seconds)"
            }
        }
        return nil
    }

    private static func fitted(_ servers: [StageServer], to session: Duration) -> [StageServer] {
        guard servers.count > 1 else { return servers }
        let named = servers.reduce(Duration.zero) { $0 + ($1.limits.firstOutput ?? .zero) }
        let unnamed = servers.count { $0.limits.firstOutput == nil }
        let usual = min(usualFirstOutput, (room(in: session) - named) / max(1, unnamed))
        return servers.map { server in
            var server = server
            server.limits.firstOutput = server.limits.firstOutput ?? usual
            return server
        }
    }

    private static func room(in session: Duration) -> Duration { session * share.part / share.of }
}

extension Duration {
    /// Whole milliseconds.
    fileprivate var ms: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
