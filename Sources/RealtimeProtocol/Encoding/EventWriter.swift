/// Writes what an event has beyond `type` and `event_id`. An optional that is absent is left out; null stands only where
/// REALTIME_API section 4.1 lists it (RT-133).
struct EventWriter {
    let dialect: Dialect
    let wantsExtensions: Bool

    func members(of event: ServerEvent, into json: inout JSONWriter) {
        switch event {
        case .error(let error): json.error(error, dialect)
        case .sessionCreated(let session, let resume):
            json.object("session") { $0.members(of: session, dialect, secret: nil) }
            if wantsExtensions, let resume { json.object("parley") { $0.resume(resume) } }
        case .sessionUpdated(let session): json.object("session") { $0.members(of: session, dialect, secret: nil) }
        case .conversationCreated(let id):
            json.object("conversation") {
                $0.member("id", id.rawValue)
                $0.member("object", "realtime.conversation")
            }
        case .conversationItemAdded(let item, let previous), .conversationItemDone(let item, let previous):
            json.member("previous_item_id", orNull: previous?.rawValue)
            json.item("item", item, dialect)
        case .conversationItemRetrieved(let item): json.item("item", item, dialect, withAudio: true)
        case .conversationItemDeleted(let item): json.member("item_id", item.rawValue)
        case .conversationItemTruncated(let item, let contentIndex, let audioEndMs):
            json.content(item, contentIndex)
            json.member("audio_end_ms", audioEndMs)
        case .inputAudioTranscriptionDelta, .inputAudioTranscriptionCompleted, .inputAudioTranscriptionFailed:
            transcription(event, &json)
        case .inputAudioBufferCommitted, .inputAudioBufferCleared, .inputAudioBufferSpeechStarted,
            .inputAudioBufferSpeechStopped, .inputAudioBufferTimeoutTriggered:
            inputBuffer(event, &json)
        case .outputAudioBufferStarted(let id), .outputAudioBufferStopped(let id), .outputAudioBufferCleared(let id):
            json.member("response_id", id.rawValue)
        case .mcpListTools(_, let item, let error):
            json.member("item_id", item.rawValue)
            if wantsExtensions, let error { json.object("parley") { $0.object("error") { $0.members(of: error) } } }
        case .rateLimitsUpdated(let limits): json.array("rate_limits", limits) { $0.rateLimit($1) }
        default: response(event, &json)
        }
    }

    private func transcription(_ event: ServerEvent, _ json: inout JSONWriter) {
        switch event {
        case .inputAudioTranscriptionDelta(let item, let contentIndex, let delta):
            json.content(item, contentIndex)
            json.member("delta", delta)
        case .inputAudioTranscriptionCompleted(let item, let contentIndex, let transcript, let usage):
            json.content(item, contentIndex)
            json.member("transcript", transcript)
            json.object("usage") { $0.members(of: usage) }
        case .inputAudioTranscriptionFailed(let item, let contentIndex, let error):
            json.content(item, contentIndex)
            json.object("error") {
                $0.member("type", error.kind.rawValue)
                $0.member("code", ifAny: error.code)
                $0.member("message", error.message)
                $0.member("param", ifAny: error.param)
            }
        default: break
        }
    }

    private func inputBuffer(_ event: ServerEvent, _ json: inout JSONWriter) {
        switch event {
        case .inputAudioBufferCommitted(let item, let previous):
            json.member("previous_item_id", orNull: previous?.rawValue)
            json.member("item_id", item.rawValue)
        case .inputAudioBufferSpeechStarted(let item, let start):
            json.member("audio_start_ms", start)
            json.member("item_id", item.rawValue)
        case .inputAudioBufferSpeechStopped(let item, let end):
            json.member("audio_end_ms", end)
            json.member("item_id", item.rawValue)
        case .inputAudioBufferTimeoutTriggered(let item, let start, let end):
            json.member("audio_start_ms", start)
            json.member("audio_end_ms", end)
            json.member("item_id", item.rawValue)
        default: break
        }
    }

    private func response(_ event: ServerEvent, _ json: inout JSONWriter) {
        switch event {
        case .responseCreated(let response), .responseDone(let response):
            json.object("response") { $0.members(of: response, dialect) }
        case .outputItemAdded(let response, let index, let item), .outputItemDone(let response, let index, let item):
            json.member("response_id", response.rawValue)
            json.member("output_index", index)
            json.item("item", item, dialect)
        case .functionCallArgumentsDelta(let address, let call, let delta):
            json.address(address)
            json.member("call_id", call.rawValue)
            json.member("delta", delta)
        case .functionCallArgumentsDone(let address, let call):
            json.address(address)
            json.member("call_id", call.callID.rawValue)
            if dialect == .current { json.member("name", call.name) }
            json.member("arguments", call.arguments)
        case .mcpCallArgumentsDelta(let address, let delta):
            json.address(address)
            json.member("delta", delta)
            json.obfuscation(of: delta)
        case .mcpCallArgumentsDone(let address, let arguments):
            json.address(address)
            json.member("arguments", arguments)
        case .mcpCall(_, let address):
            json.member("item_id", address.item.rawValue)
            json.member("output_index", address.outputIndex)
        default: part(event, &json)
        }
    }

    private func part(_ event: ServerEvent, _ json: inout JSONWriter) {
        switch event {
        case .contentPartAdded(let address, let modality):
            json.address(address)
            json.part(modality, text: "")
        case .contentPartDone(let address, let modality, let text):
            json.address(address)
            json.part(modality, text: text)
        case .outputTextDelta(let address, let delta):
            json.address(address)
            json.member("delta", delta)
        case .outputTextDone(let address, let text):
            json.address(address)
            json.member("text", text)
        case .outputAudioTranscriptDelta(let address, let delta, let words):
            json.address(address)
            json.member("delta", delta)
            if wantsExtensions, !words.isEmpty { json.words(words) }
        case .outputAudioTranscriptDone(let address, let transcript):
            json.address(address)
            json.member("transcript", transcript)
        case .outputAudioDelta(let address, let audio):
            json.address(address)
            json.member("delta", base64: audio)
        case .outputAudioDone(let address): json.address(address)
        default: break
        }
    }
}
