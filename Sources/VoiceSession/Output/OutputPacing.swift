/// How far audio in events may run ahead of being heard: a client on a WebSocket gets at most `lead` more than it can have
/// played, so that an interruption wastes little. Pure.
struct OutputPacing {
    static let lead = Duration.seconds(10)

    /// When all audio sent so far is played, if the client began at once.
    private var playedUntil: ContinuousClock.Instant?

    /// When a block may go out; not later than `now` for at once. One longer than the lead goes when all before it is played.
    func earliest(_ length: Duration, now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        max(playedUntil ?? now, now) + min(length, Self.lead) - Self.lead
    }

    mutating func send(_ length: Duration, now: ContinuousClock.Instant) {
        playedUntil = max(playedUntil ?? now, now) + length
    }

    /// What was sent will not be played.
    mutating func reset() { playedUntil = nil }
}
