import RealtimeProtocol

extension SessionMachine {
    /// Whether clients hear of transcripts: only where `transcription` is configured (RT-166). Some of it may be told already.
    func telling(_ told: String = "") -> Transcriptions.Telling {
        configuration.input.transcription == nil ? .silent : .told(told)
    }

    /// Every audio part is transcribed, since the model reads it; only some are told.
    mutating func transcribe(_ part: Transcriptions.Part, _ source: AudioSource, _ telling: Transcriptions.Telling) {
        guard !transcriptions.isFull else {
            let failure = EngineFailure(code: "transcription_overload", message: "Too many transcriptions are pending.")
            tellFailure(part, failure, telling)
            return
        }
        transcriptions.begin(part, telling, now: now)
        ask(part, source)
    }

    mutating func ask(_ part: Transcriptions.Part, _ source: AudioSource) {
        act(
            .transcribe(
                TranscriptionRequest(
                    item: part.item, contentIndex: part.contentIndex, source: source,
                    configuration: configuration.input.transcription)))
    }

    mutating func transcriptGrew(_ part: Transcriptions.Part, _ text: String) {
        guard !text.isEmpty, transcriptions.heardDelta(part, text) else { return }
        emit(.inputAudioTranscriptionDelta(part.item, contentIndex: part.contentIndex, delta: text))
    }

    mutating func transcribed(_ part: Transcriptions.Part, _ text: String, _ usage: TranscriptionUsage) {
        guard let telling = transcriptions.end(part) else { return }
        preparation.isDue = true
        act(.accountTranscription(usage))
        spending.spend(usage)
        let told = if case .told(let told) = telling { told } else { "" }
        // Clients add up what they are told, so that it cannot be taken back.
        let text = AgreedWords.transcript(text, after: told)
        conversation.update(part.item) { $0.heard(text, at: part.contentIndex, isTold: telling != .silent) }
        if telling != .silent {
            let rest = String(text.dropFirst(told.count))
            if !rest.isEmpty {
                emit(.inputAudioTranscriptionDelta(part.item, contentIndex: part.contentIndex, delta: rest))
            }
            emit(
                .inputAudioTranscriptionCompleted(
                    part.item, contentIndex: part.contentIndex, transcript: text, usage: usage))
        }
        resolve(part.item) { $0.heard(text, part) }
    }

    /// The part counts as not intelligible; the turn goes on (RT-165).
    mutating func transcriptionFailed(_ part: Transcriptions.Part, _ failure: EngineFailure) {
        guard let telling = transcriptions.end(part) else { return }
        preparation.isDue = true
        tellFailure(part, failure, telling)
        resolve(part.item)
    }

    private mutating func tellFailure(
        _ part: Transcriptions.Part, _ failure: EngineFailure, _ telling: Transcriptions.Telling
    ) {
        guard telling != .silent else { return }
        let error = ProtocolError(.server, code: failure.code, failure.message)
        emit(.inputAudioTranscriptionFailed(part.item, contentIndex: part.contentIndex, error))
    }

    /// An item has nothing pending any more, perhaps: responses that waited for it go on.
    mutating func resolve(_ item: ItemID, _ change: (inout ResponsePlan) -> Void = { _ in }) {
        for var response in responses.all {
            guard case .waiting(let items) = response.phase, items.contains(item) else { continue }
            change(&response.plan)
            startWhenReadable(response)
        }
    }
}

extension Conversation.Entry {
    /// A part was transcribed: the model reads it; the wire shows it where it was told.
    mutating func heard(_ text: String, at index: Int, isTold: Bool) {
        heard[index] = text
        guard isTold, case .message(var message) = item.body, message.content.indices.contains(index),
            case .inputAudio(_, let audio) = message.content[index]
        else { return }
        message.content[index] = .inputAudio(transcript: text, audio: audio)
        item.body = .message(message)
    }
}

extension ResponsePlan {
    /// A part of an item that was given with the response was transcribed.
    mutating func heard(_ text: String, _ part: Transcriptions.Part) {
        for (index, entry) in context.enumerated() {
            guard case .given(var item, let audioMs) = entry, item.id == part.item,
                case .message(var message) = item.body, message.content.indices.contains(part.contentIndex)
            else { continue }
            message.content[part.contentIndex] = .inputAudio(transcript: text, audio: nil)
            item.body = .message(message)
            context[index] = .given(item, audioMs: audioMs)
        }
    }
}
