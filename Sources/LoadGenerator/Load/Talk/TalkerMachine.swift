import PeerTransport
package import RealtimeProtocol

/// One caller under load as a machine: speaks, waits for the answer, thinks, speaks again, now and then over the answer, and
/// notes what comes when. Sound is frames of recordings that others encode and count.
package struct TalkerMachine: Sendable {
    /// What is to be done.
    package enum Action: Equatable, Sendable {
        /// A client event, as JSON.
        case send([UInt8])
        case note(LoadNote)
        /// The session cannot be had; why.
        case giveUp(String)
    }

    /// What the microphone sends now.
    package enum Frame: Equatable, Sendable {
        /// Nobody speaks, and the words are not the talker's to give: a microphone may be off.
        case off
        /// The words were said, and their end must be heard.
        case quiet
        case speech(clip: Int, frame: Int)
    }

    enum Phase: Equatable, Sendable {
        case opening
        case thinking(until: ContinuousClock.Instant)
        case speaking(frame: Int)
        case listening
        case over
    }

    /// From the beginning of a session to `session.updated`.
    private static let openingPatience = Duration.seconds(15)

    let settings: TalkerSettings
    var phase = Phase.opening
    var turn: LoadTurn?
    var bargeIn: BargeIn?
    private var turns = 0
    private var answers = 0
    private var random: SeededGenerator
    private let openedAt: ContinuousClock.Instant

    package init(_ settings: TalkerSettings, now: ContinuousClock.Instant) {
        self.settings = settings
        openedAt = now
        // Neighbours must not draw alike.
        var mixed = SeededGenerator(seed: settings.seed &+ UInt64(bitPattern: Int64(settings.index)))
        random = SeededGenerator(seed: mixed.next())
    }

    /// Whether the session is set up.
    package var isReady: Bool { phase != .opening && phase != .over }

    // MARK: Inputs

    /// A frame is due at the microphone: what it is, and what else is to be done.
    package mutating func frame(now: ContinuousClock.Instant) -> (frame: Frame, actions: [Action]) {
        var actions = watch(now: now)
        if case .thinking(let until) = phase, now >= until { actions += begin(now: now) }
        guard case .speaking(let frame) = phase, let turn else {
            return (phase == .listening && turn?.answer.hasBegun == false ? .quiet : .off, actions)
        }
        spoke(frame, now: now)
        let isLast = frame + 1 >= turn.shape.frames
        phase = isLast ? .listening : .speaking(frame: frame + 1)
        return (.speech(clip: turn.clip, frame: frame), actions)
    }

    /// Sound of the assistant has come; `length` is how long it lasts.
    package mutating func sound(_ length: Duration, now: ContinuousClock.Instant) -> [Action] {
        guard var turn, turn.isAnswered else {
            bargeIn?.sound(now: now)
            return []
        }
        let isFirst = !turn.answer.hasBegun
        turn.answer.sound(length, now: now)
        self.turn = turn
        guard isFirst else { return [] }
        return turn.firstSound(now: now, every: settings.leastTurn)
    }

    /// A server event.
    package mutating func event(_ event: JSONObject, now: ContinuousClock.Instant) -> [Action] {
        guard let type = event.text("type"), phase != .over else { return [] }
        if type == "error" { return error(event) }
        if phase == .opening { return opening(type, now: now) }
        bargeIn?.note(type, now: now)
        guard var turn else { return [] }
        let calls = turn.note(type, event, now: now)
        self.turn = turn
        return calls ? answerCalls() : []
    }

    // MARK: Inside

    private mutating func opening(_ type: String, now: ContinuousClock.Instant) -> [Action] {
        switch type {
        case "session.created":
            if let update = settings.sessionUpdate { return [.send(update)] }
            phase = .thinking(until: now)
        case "session.updated": think(now: now)
        default: break
        }
        return []
    }

    private mutating func error(_ event: JSONObject) -> [Action] {
        var notes: [Action] = [.note(.count(.errorEvents))]
        if phase == .opening {
            phase = .over
            notes.append(.giveUp("the session is refused: \(event.errorMessage)"))
        }
        return notes
    }

    /// What time alone brings about.
    private mutating func watch(now: ContinuousClock.Instant) -> [Action] {
        if phase == .opening, openedAt.duration(to: now) >= Self.openingPatience {
            phase = .over
            return [.giveUp("the session did not begin in time")]
        }
        return watchBargeIn(now: now) + watchTurn(now: now)
    }

    private mutating func watchBargeIn(now: ContinuousClock.Instant) -> [Action] {
        guard let outcome = bargeIn?.outcome(now: now, nextBegan: turn?.answer.hasBegun == true) else { return [] }
        bargeIn = nil
        switch outcome {
        case .stopped(let time): return [.note(.time(.bargeInStop, time))]
        case .notStopped: return [.note(.count(.notStopped))]
        case .tooLate: return []
        }
    }

    private mutating func watchTurn(now: ContinuousClock.Instant) -> [Action] {
        guard phase == .listening, let turn else { return [] }
        if turn.answer.isOver(now: now, isWebSocket: settings.isWebSocket) {
            answers += 1
            self.turn = nil
            think(now: now)
            return turn.ended()
        }
        if let first = turn.answer.firstSound, first.duration(to: now) >= settings.interruptAfter,
            CallSchedule.isShare(answers + settings.index, settings.interrupt)
        {
            answers += 1
            let actions = turn.ended() + [.note(.count(.interrupted))]
            return actions + begin(now: now, over: true)
        }
        guard let end = turn.endOfSpeech, end.duration(to: now) >= settings.patience else { return [] }
        self.turn = nil
        think(now: now)
        return [.note(.count(.unanswered)), .note(.reason(turn.whatIsMissing))]
    }

    private mutating func think(now: ContinuousClock.Instant) {
        phase = .thinking(until: now + .seconds(Double.random(in: settings.think, using: &random)))
    }

    private mutating func begin(now: ContinuousClock.Instant, over isOver: Bool = false) -> [Action] {
        guard settings.talks, !settings.clips.isEmpty else { return [] }
        let clip = (turns + settings.index) % settings.clips.count
        turns += 1
        turn = LoadTurn(clip: clip, shape: settings.clips[clip], isOverAnswer: isOver)
        phase = .speaking(frame: 0)
        return [.note(.count(.turns))]
    }

    /// A frame leaves when its last sample has been spoken.
    private mutating func spoke(_ frame: Int, now: ContinuousClock.Instant) {
        guard var turn else { return }
        let from = settings.frame * frame
        let beginning = now - settings.frame - from
        let covered = from..<(from + settings.frame)
        if turn.isOverAnswer, covered.contains(turn.shape.speechBegins) {
            bargeIn = BargeIn(from: beginning + turn.shape.speechBegins, isWebSocket: settings.isWebSocket)
        }
        if turn.endOfSpeech == nil, covered.contains(turn.shape.speechEnds) || frame + 1 >= turn.shape.frames {
            turn.endOfSpeech = beginning + turn.shape.speechEnds
        }
        self.turn = turn
    }

    private mutating func answerCalls() -> [Action] {
        guard var turn else { return [] }
        let calls = turn.answer.calls
        turn.answer.goOn()
        self.turn = turn
        let outputs = calls.map { call in
            Action.send(ClientEvents.output(of: call.id, settings.toolOutputs[call.name] ?? ""))
        }
        return outputs + [.send(ClientEvents.responseCreate), .note(.count(.toolCalls, calls.count))]
    }
}
