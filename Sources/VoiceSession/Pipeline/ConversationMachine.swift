package import SessionEngine

/// What a driver performs: the session's machine, or in tests one that says a list of effects.
package protocol ConversationMachine: Sendable {
    mutating func handle(_ input: SessionInput, now: ContinuousClock.Instant) -> [SessionEffect]
    /// When `SessionInput.deadline` is due; nil for never.
    var nextDeadline: ContinuousClock.Instant? { get }
}

extension ConversationMachine {
    /// `handle`, and the deadline after it: in one call, since reading a property of an `any` copies the whole machine.
    mutating func decide(
        _ input: SessionInput, now: ContinuousClock.Instant
    ) -> (effects: [SessionEffect], deadline: ContinuousClock.Instant?) {
        (handle(input, now: now), nextDeadline)
    }
}

extension SessionMachine: ConversationMachine {}
