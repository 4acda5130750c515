package import SessionEngine

/// What a driver performs: the session's machine, or in tests one that says a list of effects.
package protocol ConversationMachine: Sendable {
    mutating func handle(_ input: SessionInput, now: ContinuousClock.Instant) -> [SessionEffect]
    /// When `SessionInput.deadline` is due; nil for never.
    var nextDeadline: ContinuousClock.Instant? { get }
}

extension SessionMachine: ConversationMachine {}
