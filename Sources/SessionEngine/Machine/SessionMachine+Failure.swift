import RealtimeProtocol

/// A stage that fails or falls silent costs its response, or less, and never the session.
extension SessionMachine {
    /// The language model has failed. To a listener that is said: the clauses that the voice has are spoken, then the
    /// apology, as one more message, and then the response ends as failed. Without a listener it ends at once.
    ///
    /// - Parameter words: in the place of the apology.
    mutating func fail(_ generation: ResponseGeneration, _ failure: EngineFailure, saying words: String? = nil) {
        guard var response = responses.response(generation), response.hasStarted else { return }
        let words = words ?? settings.apology
        let kind = failure.code == EngineFailure.budgetCode ? ProtocolError.Kind.rateLimit : .server
        let failure = Response.Failure(type: kind.rawValue, code: failure.code, message: failure.message)
        guard !words.isEmpty, canApologise(response) else { return stop(response, .failed(failure)) }
        response.failure = failure
        response.phase = .speaking(.stop)
        if let index = response.openIndex {
            response.outputs[index].speakable = SpeakableText()
            response.outputs[index].splitter = ClauseSplitter()
        }
        endOpenItem(&response, .incomplete)
        response.backlog = [.text(words)]
        advance(response)
    }

    private func canApologise(_ response: ActiveResponse) -> Bool {
        !response.plan.isOutOfBand && response.plan.modality == .audio
            && !response.isMute && response.failure == nil
    }

    /// The voice has failed: the text goes on without it, and the response ends as failed.
    mutating func voiceFailed(_ generation: ResponseGeneration, _ failure: EngineFailure) {
        guard var response = responses.response(generation), response.hasStarted, !response.isMute else { return }
        response.isMute = true
        response.failure = response.failure ?? Response.Failure(code: failure.code, message: failure.message)
        act(.giveUp(generation, .voice))
        if let index = response.openIndex, case .speech(var part) = response.outputs[index].body {
            part.finishAll()
            response.outputs[index].body = .speech(part)
            tellTranscript(&response)
        }
        advance(response)
    }

    /// When a stage will have been silent for too long.
    var stageDeadline: ContinuousClock.Instant? {
        .earlier(
            transcriptions.oldest.map { $0 + settings.deadlines.recogniser }, responses.deadline(deadlines))
    }

    /// A voice that waits for its listener is not late.
    private var deadlines: StageDeadlines {
        var deadlines = settings.deadlines
        if transports.hold != nil { deadlines.voice = .seconds(Self.unlimitedSeconds) }
        return deadlines
    }

    mutating func giveUpOverdue() {
        let limits = deadlines
        for part in transcriptions.begun(by: now - limits.recogniser) {
            act(.cancelTranscription(part.item))
            transcriptionFailed(part, .timeout("recogniser", limits.recogniser))
        }
        for response in responses.all {
            if let due = response.modelDeadline(limits), now >= due {
                act(.giveUp(response.generation, .languageModel))
                let limit = response.hasModelOutput ? limits.betweenTokens : limits.firstToken
                fail(response.generation, .timeout("language model", limit))
            } else if let due = response.voiceDeadline(limits), now >= due {
                voiceFailed(response.generation, .timeout("voice", limits.voice))
            }
        }
    }
}
