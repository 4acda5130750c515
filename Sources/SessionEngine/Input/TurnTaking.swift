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
        /// Ask the turn detector about this stretch.
        case score(Range<AudioPosition>)
    }

    private enum State: Sendable {
        /// No turn detection. A turn that began before it went off still names the next commit.
        case off(Turn?)
        /// Nobody speaks, or not long enough yet since `onset`.
        case quiet(onset: AudioPosition?)
        case speaking(Turn)
        case pausing(Turn, since: AudioPosition, Verdict)
    }

    private enum Verdict: Sendable {
        case notAsked
        case asked(at: AudioPosition)
        case scored(Double)

        var score: Double? {
            if case .scored(let score) = self { score } else { nil }
        }
    }

    /// Length of one window of voice activity.
    private static let windowMs = 32
    /// Speech shorter than this is a click, not a turn: two windows.
    private static let minSpeechMs = 64
    /// A longer turn ends here, so that its audio stays bounded.
    static let maxTurnMs = 300_000

    private var policy: TurnPolicy?
    private var state: State

    init(_ detection: TurnDetection?, scoresTurns: Bool) {
        policy = detection.map { TurnPolicy($0, scoresTurns: scoresTurns) }
        state = policy == nil ? .off(nil) : .quiet(onset: nil)
    }

    /// The turn that has begun and not ended.
    var turn: Turn? {
        switch state {
        case .off(let turn): turn
        case .quiet: nil
        case .speaking(let turn), .pausing(let turn, _, _): turn
        }
    }

    /// Takes a new configuration; a turn that has begun goes on under it (RT-163).
    mutating func reconfigure(_ detection: TurnDetection?, scoresTurns: Bool) {
        policy = detection.map { TurnPolicy($0, scoresTurns: scoresTurns) }
        switch (policy, state) {
        case (nil, _): state = .off(turn)
        case (_?, .off(let turn?)): state = .speaking(turn)
        case (_?, .off(nil)): state = .quiet(onset: nil)
        case (_?, _): break
        }
    }

    /// Ends the turn without a word: the client committed or cleared. Returns the turn it was.
    mutating func reset() -> Turn? {
        let turn = turn
        state = policy == nil ? .off(nil) : .quiet(onset: nil)
        return turn
    }

    /// One window of the input, ending at `position`. `bufferStart` bounds how far back a turn may reach.
    mutating func heard(
        _ probability: Double, at position: AudioPosition, bufferStart: AudioPosition,
        identifiers: inout IdentifierSource
    ) -> Decision? {
        guard let policy else { return nil }
        switch state {
        case .off:
            return nil
        case .quiet(let onset):
            guard probability >= policy.threshold else {
                state = .quiet(onset: nil)
                return nil
            }
            let onset = onset ?? position.advanced(byMs: -Self.windowMs)
            guard position.ms(since: onset) >= Self.minSpeechMs else {
                state = .quiet(onset: onset)
                return nil
            }
            let start = max(bufferStart, onset.advanced(byMs: -min(policy.prefixPaddingMs, InputBuffer.maxQuietMs)))
            let turn = Turn(item: identifiers.item(), start: start)
            state = .speaking(turn)
            return .started(turn)
        case .speaking(let turn):
            guard probability < policy.release else { return endedByLength(turn, at: position) }
            let since = max(turn.start, position.advanced(byMs: -Self.windowMs))
            return pause(turn, since: since, .notAsked, policy, at: position)
        case .pausing(let turn, let since, let verdict):
            guard probability < policy.threshold else {
                state = .speaking(turn)
                return endedByLength(turn, at: position)
            }
            return pause(turn, since: since, verdict, policy, at: position)
        }
    }

    /// What the turn detector said of the pause it was asked about; late answers are of no use any more.
    mutating func scored(_ score: Double, at position: AudioPosition) {
        guard case .pausing(let turn, let since, .asked(at: position)) = state else { return }
        state = .pausing(turn, since: since, .scored(score))
    }

    private mutating func pause(
        _ turn: Turn, since: AudioPosition, _ verdict: Verdict, _ policy: TurnPolicy, at position: AudioPosition
    ) -> Decision? {
        let silenceMs = position.ms(since: since)
        if silenceMs >= policy.waitMs(score: verdict.score) {
            state = .quiet(onset: nil)
            return .stopped(turn, at: position)
        }
        if case .notAsked = verdict, policy.scoresTurns, silenceMs >= TurnPolicy.scoreAfterMs {
            state = .pausing(turn, since: since, .asked(at: position))
            return .score(turn.start..<position)
        }
        state = .pausing(turn, since: since, verdict)
        return endedByLength(turn, at: position)
    }

    private mutating func endedByLength(_ turn: Turn, at position: AudioPosition) -> Decision? {
        guard position.ms(since: turn.start) >= Self.maxTurnMs else { return nil }
        state = .quiet(onset: nil)
        return .stopped(turn, at: position)
    }
}
