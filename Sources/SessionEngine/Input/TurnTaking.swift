import RealtimeProtocol

/// Whose turn it is, by the voice activity of the input and the session's `turn_detection`.
struct TurnTaking: Sendable {
    /// A turn of the user that has begun.
    struct Turn: Equatable, Sendable {
        /// The name its item will have.
        let item: ItemID
        /// With the prefix padding.
        let start: AudioPosition
    }

    /// What one window of audio decided.
    enum Decision: Equatable, Sendable {
        case started(Turn)
        case stopped(Turn, at: AudioPosition)
        /// Ask the turn detector about this stretch, which is silent from the position on, as of a pause of that length.
        case score(Range<AudioPosition>, silentSince: AudioPosition, pauseMs: Int)
    }

    private enum State: Sendable {
        /// No turn detection. A turn that began before it went off still names the next commit.
        case off(Turn?)
        /// Nobody speaks, or not long enough yet.
        case quiet(Onset?)
        case speaking(Turn)
        case pausing(Turn, since: AudioPosition, Inquiry)
    }

    /// What the turn detector was asked in one pause, and has said.
    private struct Inquiry: Sendable {
        var questions = 0
        var pending: (at: AudioPosition, pauseMs: Int)?
        /// The answer that counts, and the latest one with the length of the pause that it counts from.
        private var score: Double?
        private var next: (score: Double, pauseMs: Int)?

        var latestScore: Double? { next?.score ?? score }

        mutating func answered(_ score: Double, forPauseOfMs pauseMs: Int) { next = (score, pauseMs) }

        /// What counts when the pause is that long.
        mutating func score(atMs silenceMs: Int) -> Double? {
            if let answer = next, silenceMs >= answer.pauseMs { (score, next) = (answer.score, nil) }
            return score
        }
    }

    /// A longer turn ends here, so that its audio stays bounded.
    static let maxTurnMs = 300_000

    private var policy: TurnPolicy?
    private var state: State

    init(_ detection: TurnDetection?, scoresTurns: Bool) {
        policy = detection.map { TurnPolicy($0, scoresTurns: scoresTurns) }
        state = policy == nil ? .off(nil) : .quiet(nil)
    }

    /// The turn that has begun and not ended.
    var turn: Turn? {
        switch state {
        case .off(let turn): turn
        case .quiet: nil
        case .speaking(let turn), .pausing(let turn, _, _): turn
        }
    }

    /// Where the pause began that the turn is in.
    var pause: AudioPosition? {
        if case .pausing(_, let since, _) = state { since } else { nil }
    }

    /// Whether the turn is more likely over than not, though it has not ended.
    var isLikelyOver: Bool {
        if case .pausing(_, _, let inquiry) = state, let score = inquiry.latestScore { score >= 0.5 } else { false }
    }

    /// Takes a new configuration; a turn that has begun goes on under it (RT-163).
    mutating func reconfigure(_ detection: TurnDetection?, scoresTurns: Bool) {
        policy = detection.map { TurnPolicy($0, scoresTurns: scoresTurns) }
        switch (policy, state) {
        case (nil, _): state = .off(turn)
        case (_?, .off(let turn?)): state = .speaking(turn)
        case (_?, .off(nil)): state = .quiet(nil)
        case (_?, _): break
        }
    }

    /// Ends the turn without a word: the client committed or cleared. Returns the turn it was.
    mutating func reset() -> Turn? {
        let turn = turn
        state = policy == nil ? .off(nil) : .quiet(nil)
        return turn
    }

    /// One window of the input, ending at `position`. `bufferStart` bounds how far back a turn may reach; `overAnswer` says
    /// whether an answer is made or heard that a turn would interrupt.
    mutating func heard(
        _ probability: Double, at position: AudioPosition, bufferStart: AudioPosition, overAnswer: Bool,
        identifiers: inout IdentifierSource
    ) -> Decision? {
        guard let policy else { return nil }
        switch state {
        case .off:
            return nil
        case .quiet(let begun):
            var onset = begun ?? Onset(endingAt: position)
            let isSound = onset.hear(probability, policy, overAnswer: overAnswer)
            guard isSound, onset.isTurn(overAnswer: overAnswer) else {
                state = .quiet(isSound ? onset : nil)
                return nil
            }
            let prefixMs = min(policy.prefixPaddingMs, InputBuffer.maxQuietMs)
            let start = max(bufferStart, onset.start.advanced(byMs: -prefixMs))
            let turn = Turn(item: identifiers.item(), start: start)
            state = .speaking(turn)
            return .started(turn)
        case .speaking(let turn):
            guard probability < policy.release else { return endedByLength(turn, at: position) }
            let since = max(turn.start, position.advanced(byMs: -Onset.windowMs))
            return pause(turn, since: since, Inquiry(), policy, at: position)
        case .pausing(let turn, let since, let inquiry):
            guard probability < policy.threshold else {
                state = .speaking(turn)
                return endedByLength(turn, at: position)
            }
            return pause(turn, since: since, inquiry, policy, at: position)
        }
    }

    /// What the turn detector said of the pause it was asked about; late answers are of no use any more.
    mutating func scored(_ score: Double, at position: AudioPosition) {
        guard case .pausing(let turn, let since, var inquiry) = state, let pending = inquiry.pending,
            pending.at == position
        else { return }
        inquiry.pending = nil
        inquiry.answered(score, forPauseOfMs: pending.pauseMs)
        state = .pausing(turn, since: since, inquiry)
    }

    private mutating func pause(
        _ turn: Turn, since: AudioPosition, _ inquiry: Inquiry, _ policy: TurnPolicy, at position: AudioPosition
    ) -> Decision? {
        let silenceMs = position.ms(since: since)
        var inquiry = inquiry
        if silenceMs >= policy.waitMs(score: inquiry.score(atMs: silenceMs)) {
            state = .quiet(nil)
            return .stopped(turn, at: position)
        }
        let due = policy.questions(until: silenceMs)
        if due.count > inquiry.questions {
            let pauseMs = max(silenceMs, due.judgedAtMs)
            inquiry.questions = due.count
            inquiry.pending = (position, pauseMs)
            state = .pausing(turn, since: since, inquiry)
            return .score(turn.start..<position, silentSince: since, pauseMs: pauseMs)
        }
        state = .pausing(turn, since: since, inquiry)
        return endedByLength(turn, at: position)
    }

    private mutating func endedByLength(_ turn: Turn, at position: AudioPosition) -> Decision? {
        guard position.ms(since: turn.start) >= Self.maxTurnMs else { return nil }
        state = .quiet(nil)
        return .stopped(turn, at: position)
    }
}
