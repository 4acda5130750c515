/// How a client that loses its connection may come back to its session: `parley.resume` of `session.created`.
package struct ResumeOffer: Equatable, Sendable {
    /// What a client that has come back gets of the time before.
    package struct Replay: Equatable, Sendable {
        package var events: Int
        /// Whether these are all that it has not had.
        package var isComplete: Bool

        package init(events: Int, isComplete: Bool) {
            self.events = events
            self.isComplete = isComplete
        }
    }

    /// Given back as `?resume=`; good for one connection.
    package var token: String
    /// How long the session waits for a client that was lost.
    package var grace: Duration
    /// Nil for a new session.
    package var replay: Replay?

    package init(token: String, grace: Duration, replay: Replay? = nil) {
        self.token = token
        self.grace = grace
        self.replay = replay
    }
}
