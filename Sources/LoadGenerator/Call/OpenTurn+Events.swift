import RealtimeProtocol

extension OpenTurn {
    func whatIsMissing(after seconds: Int) -> CallFailure {
        guard speechStarted else { return .noSpeechHeard(recording: utterance.name) }
        guard speechStopped != nil else { return .noEndOfTurn(recording: utterance.name, seconds: seconds) }
        return .noAnswer(recording: utterance.name, seconds: seconds)
    }

    /// Notes what a server event says of the turn.
    mutating func note(_ event: JSONObject, now: ContinuousClock.Instant) {
        switch event["type"] {
        case .string("input_audio_buffer.speech_started")?: callerSpeaks()
        case .string("input_audio_buffer.speech_stopped")?: speechStopped = now
        case .string("conversation.item.input_audio_transcription.completed")?:
            transcript = now
            if let text = event.text("transcript"), !text.isEmpty { question.append(text) }
        case .string("response.created")?:
            responseCreated = now
            responseDone = nil
        case .string("response.output_audio_transcript.delta")?, .string("response.output_text.delta")?:
            firstWords = firstWords ?? now
            answer += event.text("delta") ?? ""
        case .string("response.output_audio.done")?: hasSound = true
        case .string("output_audio_buffer.started")?: playing = .now
        case .string("output_audio_buffer.stopped")?, .string("output_audio_buffer.cleared")?: playing = .over
        case .string("response.done")?: responseEnded(event, now: now)
        case .string("error")?: failure = event.errorMessage
        default: break
        }
    }

    private mutating func responseEnded(_ event: JSONObject, now: ContinuousClock.Instant) {
        // An answer that the caller talked over is not the one waited for.
        guard responseCreated != nil, case .object(let response)? = event["response"] else { return }
        responseDone = now
        status = response.text("status")
        guard status == "failed", case .object(let details)? = response["status_details"],
            case .object(let error)? = details["error"]
        else { return }
        failure = error.text("message") ?? error.text("code")
    }
}

extension JSONObject {
    func text(_ name: String) -> String? {
        if case .string(let text)? = self[name] { text } else { nil }
    }

    /// Of an `error` event.
    var errorMessage: String {
        guard case .object(let error)? = self["error"] else { return "unknown" }
        return error.text("message") ?? "unknown"
    }
}
