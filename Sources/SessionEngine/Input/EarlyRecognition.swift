import RealtimeProtocol

/// What the recogniser makes of a turn before it is over: the words that stay while the user still speaks, and the whole
/// as soon as they pause, so that the transcript is there when the turn ends. One question at a time.
struct EarlyRecognition: Sendable {
    /// What an answer is good for.
    enum Outcome: Equatable, Sendable {
        /// More words of a turn that goes on.
        case delta(String)
        /// A turn that was committed meanwhile is known now, or has to be recognised after all.
        case committed(Range<AudioPosition>)
    }

    /// What is known of a turn that ends.
    enum Ending: Equatable, Sendable {
        case unknown
        /// It was asked; the answer comes as `Outcome.committed`.
        case asked
        case known(String)
    }

    /// Silence after which a turn is recognised as if it were over.
    static let pauseMs = 200
    /// A longer turn is not recognised as a whole before its end: of a pause in it, so much before it.
    static let maxMs = 20_000
    /// New speech between two questions about a turn that goes on: at least so much, and this part of the turn, so that
    /// asking costs the recogniser about as much in a long turn as in a short one.
    private static let stepMs = 500
    private static let stepsPerTurn = 4

    private struct Turn: Sendable {
        let item: ItemID
        let start: AudioPosition
        var askedAt: AudioPosition
        var words = AgreedWords()
        var pause: (since: AudioPosition, isWhole: Bool, text: String?)?
    }

    private struct Question: Sendable {
        let request: RecognitionRequest
        /// The whole stretch, of a turn that was committed while the recogniser was at work on it.
        var committed: Range<AudioPosition>?
    }

    private var turn: Turn?
    private var question: Question?

    mutating func begin(_ item: ItemID, start: AudioPosition, at position: AudioPosition) {
        turn = Turn(item: item, start: start, askedAt: position)
    }

    /// What to ask when one more window of the turn was heard; `pause` is where its present pause began.
    mutating func next(at position: AudioPosition, pause: AudioPosition?, tellsWords: Bool) -> RecognitionRequest? {
        guard question?.committed == nil, var turn else { return nil }
        let lengthMs = position.ms(since: turn.start)
        let first = max(turn.start, position.advanced(byMs: -Self.maxMs))
        if let pause {
            guard turn.pause?.since != pause, position.ms(since: pause) >= Self.pauseMs else { return nil }
            turn.pause = (pause, first == turn.start, nil)
        } else {
            guard tellsWords, question == nil, lengthMs <= Self.maxMs,
                position.ms(since: turn.askedAt) >= max(Self.stepMs, lengthMs / Self.stepsPerTurn)
            else { return nil }
        }
        turn.askedAt = position
        self.turn = turn
        let request = RecognitionRequest(item: turn.item, range: first..<position, silentSince: pause)
        question = Question(request: request)
        return request
    }

    /// The answer to a question; nil where there was none, or none that is of use any more.
    mutating func heard(
        _ item: ItemID, until position: AudioPosition, _ text: String?, tellsWords: Bool
    ) -> Outcome? {
        guard let question, question.request.item == item, question.request.range.upperBound == position else {
            return nil
        }
        self.question = nil
        if let range = question.committed { return .committed(range) }
        guard var turn, turn.item == item, let text else { return nil }
        if let since = question.request.silentSince, turn.pause?.since == since { turn.pause?.text = text }
        let delta = tellsWords && question.request.range.lowerBound == turn.start ? turn.words.hear(text) : ""
        self.turn = turn
        return delta.isEmpty ? nil : .delta(delta)
    }

    /// The turn ends, in the pause that began there, as the stretch `range`. Also gives the words that were told of it.
    mutating func end(_ range: Range<AudioPosition>, pause: AudioPosition?) -> (told: String, Ending) {
        guard let turn else { return ("", .unknown) }
        self.turn = nil
        guard let pause, let last = turn.pause, last.since == pause, last.isWhole, range.lowerBound == turn.start else {
            return (turn.words.told, .unknown)
        }
        if let text = last.text { return (turn.words.told, .known(text)) }
        guard question?.request.silentSince == pause else { return (turn.words.told, .unknown) }
        question?.committed = range
        return (turn.words.told, .asked)
    }

    /// The turn as it would be told if it ended in the pause that began there; nil where that is not known.
    func transcript(before pause: AudioPosition) -> (item: ItemID, text: String)? {
        guard let turn, let last = turn.pause, last.since == pause, last.isWhole, let text = last.text else {
            return nil
        }
        return (turn.item, AgreedWords.transcript(text, after: turn.words.told))
    }

    /// The turn is forgotten.
    mutating func reset() { turn = nil }
}
