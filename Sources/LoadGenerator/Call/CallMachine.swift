package import AudioPipeline
package import RealtimeProtocol

/// A caller as a machine: says its recordings one after the other, each once the answer to the last was heard, with
/// silence between, and notes what comes when.
///
/// Positions count samples (mono, 24 kHz) of the microphone since the call's first; the server hears them in real time.
package struct CallMachine: Sendable {
    /// What is to be done.
    package enum Action: Equatable, Sendable {
        /// A client event, as JSON.
        case send([UInt8])
        /// Sound for the microphone, after what it has.
        case say([Int16])
        case turnEnded(CallTurn)
        case hangUp
        case giveUp(CallFailure)
    }

    /// Sound is given to the microphone so far ahead of its being sent, so that a late caller sends no gaps.
    private static let lead = 200 * SpokenSound.samplesPerMs

    private enum State: Sendable {
        case opening
        case pausing(since: ContinuousClock.Instant)
        case inTurn(OpenTurn)
        case over
    }

    private let settings: CallSettings
    private var utterances: ArraySlice<Utterance>
    private var state = State.opening
    private let openedAt: ContinuousClock.Instant
    /// Samples given to the microphone.
    private var given = 0
    /// When the first sample was spoken, by the frame that was sent earliest for its place.
    private var began: ContinuousClock.Instant?

    package init(_ utterances: [Utterance], settings: CallSettings, now: ContinuousClock.Instant) {
        self.utterances = utterances[...]
        self.settings = settings
        openedAt = now
    }

    /// When the microphone's first sample was spoken; nil before any was sent.
    package var origin: ContinuousClock.Instant? { began }

    // MARK: Inputs

    /// So many samples have been sent in all; comes with every frame.
    package mutating func sent(_ samples: Int, now: ContinuousClock.Instant) -> [Action] {
        if samples > 0 {
            // A frame leaves when its last sample has been spoken.
            let first = now - .samples(samples)
            began = min(began ?? first, first)
        }
        var actions = advance(sent: samples, now: now)
        if case .over = state { return actions }
        let missing = samples + Self.lead - given
        if missing > 0 { actions.append(.say(next(missing))) }
        return actions
    }

    package mutating func received(_ block: PCMBlock, now: ContinuousClock.Instant) {
        guard case .inTurn(var turn) = state, turn.responseCreated != nil else { return }
        turn.sound.add(block, now: now)
        state = .inTurn(turn)
    }

    /// A server event.
    package mutating func event(_ event: JSONObject, now: ContinuousClock.Instant) -> [Action] {
        switch state {
        case .opening: return opening(event, now: now)
        case .inTurn(var turn):
            turn.note(event, now: now)
            state = .inTurn(turn)
            return []
        case .pausing, .over: return []
        }
    }

    /// The call has ended without our doing.
    package mutating func ended(reason: String) -> [Action] {
        if case .over = state { return [] }
        return giveUp(.ended(reason: reason))
    }

    // MARK: Inside

    private mutating func opening(_ event: JSONObject, now: ContinuousClock.Instant) -> [Action] {
        switch event["type"] {
        case .string("session.created")?: return [.send(settings.update)]
        case .string("session.updated")?:
            state = .pausing(since: now)
            return []
        case .string("error")?: return giveUp(.sessionRefused(event.errorMessage))
        default: return []
        }
    }

    private mutating func advance(sent: Int, now: ContinuousClock.Instant) -> [Action] {
        switch state {
        case .opening:
            guard openedAt.duration(to: now) > settings.patience else { return [] }
            return giveUp(.notReady(seconds: settings.patienceSeconds))
        case .pausing(let since):
            guard since.duration(to: now) >= settings.pause else { return [] }
            guard let utterance = utterances.popFirst() else { return hangUp() }
            state = .inTurn(OpenTurn(utterance, start: given))
            return []
        case .inTurn(let turn): return advance(turn, sent: sent, now: now)
        case .over: return []
        }
    }

    private mutating func advance(_ turn: OpenTurn, sent: Int, now: ContinuousClock.Instant) -> [Action] {
        guard let began, sent >= turn.start + turn.utterance.samples.count else { return [] }
        let endOfSpeech = began + .samples(turn.speechEnd)
        guard turn.isOver(now: now) else {
            guard endOfSpeech.duration(to: now) > settings.patience else { return [] }
            return giveUp(turn.whatIsMissing(after: settings.patienceSeconds))
        }
        state = .pausing(since: now)
        return [.turnEnded(turn.result(endOfSpeech: endOfSpeech))] + (utterances.isEmpty ? hangUp() : [])
    }

    /// The microphone's next sound: what is left of the utterance, then silence.
    private mutating func next(_ count: Int) -> [Int16] {
        var sound: [Int16] = []
        if case .inTurn(let turn) = state {
            sound += turn.utterance.samples.dropFirst(given - turn.start).prefix(count)
        }
        sound += repeatElement(0, count: count - sound.count)
        given += count
        return sound
    }

    private mutating func hangUp() -> [Action] {
        state = .over
        return [.hangUp]
    }

    private mutating func giveUp(_ failure: CallFailure) -> [Action] {
        state = .over
        return [.giveUp(failure)]
    }
}

extension CallSettings {
    fileprivate var patienceSeconds: Int { Int(patience.components.seconds) }
}
