package import RealtimeProtocol

/// Runs one session: what every driver meets. One driver serves one session.
package protocol SessionDriver: Sendable {
    /// Runs the session on its first transport; returns when the session has ended, or when the task is cancelled.
    func run(_ transport: any SessionTransport) async
    /// Adds a transport to the running session; returns when that one has ended.
    func attach(_ transport: any SessionTransport) async
}

/// A driver whose session waits for a client that was lost.
package protocol ResumableDriver: SessionDriver {
    /// `run`; the client may come back by the offer.
    func run(_ transport: any SessionTransport, offering offer: ResumeOffer) async
    /// Puts a new transport in the place of the one that was lost, or still stands; returns when the new one has ended. False,
    /// and nothing is done, where the session has ended.
    ///
    /// - Parameter after: the `event_id` of the last event that the client has had; nil where it does not say.
    func resume(_ transport: any SessionTransport, offering offer: ResumeOffer, after: String?) async -> Bool
    /// Ends the session, whether its client is there or not.
    func hangUp() async
}
