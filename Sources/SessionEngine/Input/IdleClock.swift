import RealtimeProtocol

/// `idle_timeout_ms`: says when nobody has spoken for so long after an answer was heard (RT-160), once per quiet period.
struct IdleClock: Sendable {
    private enum State: Sendable {
        case off
        /// The answer is being heard, until then or, without an instant, until told otherwise.
        case listening(until: ContinuousClock.Instant)
        case quiet(since: AudioPosition, until: ContinuousClock.Instant)
        /// It has fired; only the user makes it start again.
        case spent
    }

    private var state = State.off

    var deadline: ContinuousClock.Instant? {
        switch state {
        case .off, .spent: nil
        case .listening(let until), .quiet(_, let until): until
        }
    }

    /// An answer ends, and will have been heard at `end`.
    mutating func answered(heardAt end: ContinuousClock.Instant) {
        if case .spent = state { return }
        state = .listening(until: end)
    }

    /// The user spoke, committed or wrote.
    mutating func userActed() { state = .off }

    /// An answer begins, or the timeout is configured away.
    mutating func stop() {
        if case .spent = state { return }
        state = .off
    }

    /// Time has come; the start of the silent stretch when the timeout fires.
    mutating func advance(
        to now: ContinuousClock.Instant, position: AudioPosition, timeout: Duration
    ) -> AudioPosition? {
        if case .listening(let until) = state, now >= until { state = .quiet(since: position, until: until + timeout) }
        guard case .quiet(let since, let until) = state, now >= until else { return nil }
        state = .spent
        return since
    }
}
