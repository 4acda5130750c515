import RealtimeProtocol

extension SessionMachine {
    mutating func heardAudio(until position: AudioPosition) {
        listening.buffer.advance(to: position)
        // A turn that is being heard ends by itself before it is too long.
        guard listening.turns.turn == nil || configuration.input.turnDetection == nil else { return }
        trimInput(to: InputBuffer.maxMs, before: listening.buffer.end)
    }

    private mutating func trimInput(to maxMs: Int, before position: AudioPosition) {
        if let start = listening.buffer.trim(to: maxMs, before: position) { act(.clearInput(before: start)) }
    }

    mutating func heardVoice(_ probability: Double, at position: AudioPosition) {
        heardAudio(until: position)
        let pause = listening.turns.pause
        let decision = listening.turns.heard(
            probability, at: position, bufferStart: listening.buffer.start, overAnswer: isTalkedOver,
            identifiers: &identifiers)
        switch decision {
        case .started(let turn): turnStarted(turn, at: position)
        case .stopped(let turn, let end): turnStopped(turn, at: end, pause: pause)
        case .score(let range, let since, let pauseMs):
            // First the recogniser, whose words the score may go by.
            recogniseEarly(at: position)
            act(.scoreTurn(range, silentSince: since, pauseMs: pauseMs))
        case nil where listening.turns.turn == nil: trimInput(to: InputBuffer.maxQuietMs, before: position)
        case nil: recogniseEarly(at: position)
        }
    }

    private mutating func turnStarted(_ turn: TurnTaking.Turn, at position: AudioPosition) {
        listening.early.begin(turn.item, start: turn.start, at: position)
        listening.idle.userActed()
        emit(.inputAudioBufferSpeechStarted(turn.item, audioStartMs: turn.start.ms))
        if turnsInterrupt { interrupt() }
    }

    private var turnsInterrupt: Bool {
        configuration.kind == .realtime && configuration.input.turnDetection?.interruptsResponse == true
    }

    /// Whether an answer is being made or heard that a turn of the user would stop.
    private var isTalkedOver: Bool {
        turnsInterrupt && (responses.active != nil || !output.playouts.isEmpty || now < output.heardUntil ?? now)
    }

    private mutating func turnStopped(_ turn: TurnTaking.Turn, at end: AudioPosition, pause: AudioPosition?) {
        emit(.inputAudioBufferSpeechStopped(turn.item, audioEndMs: end.ms))
        let range = listening.buffer.take(from: turn.start, to: end)
        commit(range, as: turn.item, listening.early.end(range, pause: pause))
        if configuration.input.turnDetection?.createsResponse == true { respondToTurn() }
    }

    /// A response nobody asked for by an event: when it cannot be, everybody is told (REALTIME_API 4.4-8).
    private mutating func respondToTurn() {
        guard configuration.kind == .realtime else { return }
        do {
            try createResponse(ResponseParameters())
        } catch {
            emit(.error(error))
        }
    }

    mutating func commitInput() throws(ProtocolError) {
        let bufferedMs =
            listening.turns.turn.map { listening.buffer.end.ms(since: max($0.start, listening.buffer.start)) }
            ?? listening.buffer.bufferedMs
        guard bufferedMs >= InputBuffer.minCommitMs else { throw .commitTooSmall(bufferedMs: bufferedMs) }
        listening.idle.userActed()
        let turn = listening.turns.reset()
        let range = listening.buffer.take(from: turn?.start, to: nil)
        commit(range, as: turn?.item ?? identifiers.item(), listening.early.end(range, pause: nil))
    }

    mutating func clearInput() {
        listening.buffer.clear()
        _ = listening.turns.reset()
        listening.early.reset()
        act(.clearInput(before: listening.buffer.end))
        emit(.inputAudioBufferCleared)
    }

    /// A stretch of input becomes an item of the user (REALTIME_API 4.3). A silent one is not given to the recogniser,
    /// which would hear words in it; nor is one of which it has said already what it hears.
    private mutating func commit(
        _ range: Range<AudioPosition>, as id: ItemID, _ early: (told: String, EarlyRecognition.Ending) = ("", .unknown),
        isSilent: Bool = false
    ) {
        let message = Message(role: .user, content: [.inputAudio(transcript: nil, audio: nil)])
        var entry = Conversation.Entry(Item(id: id, body: .message(message)))
        // Silence that was filtered out is not counted (REALTIME_API 7).
        entry.audioMs[0] = isSilent ? 0 : range.upperBound.ms(since: range.lowerBound)
        do {
            try conversation.insert(entry)
        } catch {
            return emit(.error(.refused(error, id)))
        }
        let previous = conversation.previous(of: id)
        emit(.inputAudioBufferCommitted(id, previousItemID: previous))
        act(.keepAudio(id, contentIndex: 0, range))
        emit(.conversationItemAdded(entry.item, previousItemID: previous))
        emit(.conversationItemDone(entry.item, previousItemID: previous))
        let part = Transcriptions.Part(item: id, contentIndex: 0)
        switch early.1 {
        case _ where isSilent:
            transcriptions.begin(part, telling(), now: now)
            transcribed(part, "", .duration(seconds: 0))
        case .known(let text):
            transcriptions.begin(part, telling(early.told), now: now)
            transcribed(part, text, .spoken(range))
        case .asked: transcriptions.begin(part, telling(early.told), now: now)
        case .unknown: transcribe(part, .input(range), telling(early.told))
        }
        act(.clearInput(before: range.upperBound))
    }

    /// An answer will have been heard at `end`: a quiet period may begin there, where somebody wants to know.
    mutating func answerIsHeard(at end: ContinuousClock.Instant) {
        if configuration.input.idleTimeout != nil { listening.idle.answered(heardAt: end) }
    }

    mutating func idleDeadlineCame() {
        guard let timeout = configuration.input.idleTimeout else { return listening.idle.stop() }
        guard listening.turns.turn == nil, responses.active == nil else { return listening.idle.stop() }
        guard let since = listening.idle.advance(to: now, position: listening.buffer.end, timeout: timeout) else {
            return
        }
        let range = listening.buffer.take(from: since, to: nil)
        let id = identifiers.item()
        emit(
            .inputAudioBufferTimeoutTriggered(id, audioStartMs: range.lowerBound.ms, audioEndMs: range.upperBound.ms))
        commit(range, as: id, isSilent: true)
        if configuration.input.turnDetection?.createsResponse == true { respondToTurn() }
    }
}
