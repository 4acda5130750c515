import RealtimeProtocol

/// What a client gives to come back to its session: `?resume=TOKEN`, and `&after=` with the `event_id` of its last event.
package struct ResumeRequest: Equatable, Sendable {
    package var token: String
    package var after: String?

    package init(token: String, after: String? = nil) {
        self.token = token
        self.after = after
    }

    /// Nil where the query names no token.
    init?(_ query: (String) -> String?) {
        guard let token = query("resume") else { return nil }
        self.init(token: token, after: query("after"))
    }
}

extension ProtocolError {
    /// `error.code` of a token that opens nothing.
    static let badResumeTokenCode = "invalid_resume_token"

    /// Which of the reasons it is would tell strangers about tokens.
    static let badResumeToken = ProtocolError(
        code: badResumeTokenCode,
        "This token resumes no session of yours: it was used before, its session has ended or waited too long, or another "
            + "caller was given it. Start a new session.",
        param: "resume")
}
