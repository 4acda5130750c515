import SessionEngine

/// How far audio in events may run ahead of being heard: a client on a WebSocket gets at most `lead` more than it can have
/// played, so that an interruption wastes little. Pure.
struct OutputPacing {
    static let lead = Duration.seconds(10)

    /// Audio of one response that was sent and cannot have been played yet, if the client began at once and plays one
    /// after the other.
    private struct Stretch {
        let response: ResponseGeneration
        var length: Duration
    }

    private var stretches: [Stretch] = []
    /// Until when `stretches` have been played.
    private var playedAt: ContinuousClock.Instant?

    /// When a block may go out; not later than `now` for at once. One longer than the lead goes when all before it is played.
    mutating func earliest(_ length: Duration, now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        play(until: now)
        return now + stretches.reduce(.zero) { $0 + $1.length } + min(length, Self.lead) - Self.lead
    }

    mutating func send(_ length: Duration, of response: ResponseGeneration, now: ContinuousClock.Instant) {
        play(until: now)
        if stretches.last?.response == response {
            stretches[stretches.count - 1].length += length
        } else {
            stretches.append(Stretch(response: response, length: length))
        }
    }

    /// What was sent of this response will not be played.
    mutating func discard(_ response: ResponseGeneration, now: ContinuousClock.Instant) {
        play(until: now)
        stretches.removeAll { $0.response == response }
    }

    private mutating func play(until now: ContinuousClock.Instant) {
        var time = max(.zero, (playedAt ?? now).duration(to: now))
        playedAt = max(playedAt ?? now, now)
        while time > .zero, let first = stretches.first {
            guard first.length <= time else {
                stretches[0].length -= time
                return
            }
            time -= first.length
            stretches.removeFirst()
        }
    }
}
