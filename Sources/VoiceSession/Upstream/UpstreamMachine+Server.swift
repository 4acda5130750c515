import AudioPipeline
import RealtimeProtocol
import SessionEngine

/// What the upstream sends. Whatever is not named here is passed on as it is.
extension UpstreamMachine {
    mutating func upstream(_ event: RelayedEvent, _ sound: UpstreamSound?) {
        switch (link, event.type) {
        case (.greeting, "session.created"): greeted(event)
        case (.greeting, "error"): drop(EngineFailure(refusal: event.object("error") ?? JSONObject()))
        case (.open, _): dispatch(event, sound)
        default: if let sound { act(.drop(block: sound.block)) }
        }
    }

    private mutating func dispatch(_ event: RelayedEvent, _ sound: UpstreamSound?) {
        switch event.type {
        case "session.created": break
        case "session.updated": updated(event)
        case "conversation.created": if !isBridged { relay(event) }
        case "error": failed(event)
        case "response.output_audio.delta": heard(event, sound)
        case "input_audio_buffer.speech_started": speechStarted(event)
        case "input_audio_buffer.speech_stopped":
            isUserSpeaking = false
            relay(event)
        case "input_audio_buffer.committed":
            unanswered.answered(.commit)
            tail.clear()
            relay(event)
        case "input_audio_buffer.cleared":
            tail.clear()
            relay(event)
        case "response.created": responseCreated(event)
        case "response.done": responseDone(event)
        default: if record(event) { relay(event) }
        }
    }

    /// Keeps what an event says of the conversation; false where clients know it already.
    private mutating func record(_ event: RelayedEvent) -> Bool {
        switch event.type {
        case "conversation.item.added", "conversation.item.created": return added(event)
        case "conversation.item.done":
            guard let item = event.object("item") else { return true }
            conversation.update(item)
            return !carried.contains(item["id"]?.string ?? "")
        case "response.output_item.added", "response.output_item.done": recordOutput(event)
        case "conversation.item.deleted": if let id = event.text("item_id") { conversation.delete(id) }
        case "conversation.item.truncated":
            if let (id, index) = event.part, let ms = event.count("audio_end_ms") {
                conversation.cut(id, index, ms: ms)
            }
        default: recordText(event)
        }
        return true
    }

    private mutating func recordText(_ event: RelayedEvent) {
        guard let (id, index) = event.part else { return }
        switch event.type {
        case "conversation.item.input_audio_transcription.completed":
            if let text = event.text("transcript") { conversation.setText(id, index, text) }
            if let usage = event.object("usage").flatMap({ TranscriptionUsage(relayed: $0) }) {
                spending.spend(usage)
                act(.accountTranscription(usage))
            }
        case "response.output_audio_transcript.delta", "response.output_text.delta":
            if let delta = event.text("delta") {
                conversation.addText(id, index, delta)
                meter(event) { $0.meter.say(.text(delta)) }
            }
        case "response.function_call_arguments.delta":
            if let delta = event.text("delta") { meter(event) { $0.meter.say(.arguments(delta)) } }
        case "response.output_audio_transcript.done":
            if let text = event.text("transcript") { conversation.setText(id, index, text) }
        case "response.output_text.done":
            if let text = event.text("text") { conversation.setText(id, index, text) }
        default: break
        }
    }

    private mutating func added(_ event: RelayedEvent) -> Bool {
        guard let item = event.object("item"), let id = item["id"]?.string else { return true }
        let request = unanswered.answered(item: item)
        guard !carried.contains(id) else { return false }
        let place: CarriedConversation.Place =
            switch (request?.text("previous_item_id"), event.text("previous_item_id")) {
            case ("root", _): .beginning
            case (_, let previous?): .after(previous)
            default: .end
            }
        conversation.put(item, at: place)
        // An image that is shown is not always repeated.
        if let asked = request?.object("item") { conversation.update(asked, of: id) }
        return true
    }

    private mutating func recordOutput(_ event: RelayedEvent) {
        guard let item = event.object("item"), let id = item["id"]?.string,
            let index = responses.firstIndex(where: { $0.id == event.text("response_id") })
        else { return }
        // Not every service tells of its own answers as items of the conversation too.
        if !responses[index].isOutOfBand { conversation.put(item, at: .end) }
        if event.type == "response.output_item.added" {
            responses[index].added(id, event.count("output_index") ?? 0)
        } else {
            responses[index].done(id)
        }
    }

    private mutating func failed(_ event: RelayedEvent) {
        let error = event.object("error") ?? JSONObject()
        // It is bridged, and none of the client's business.
        if error["code"]?.string == "session_expired" { return drop(.upstreamExpired) }
        guard let id = error["event_id"]?.string else { return relay(event) }
        guard !OwnEventID.isOwn(id) else {
            act(.count(.refused))
            guard unsaidGreeting != nil else { return }
            // The client's own configuration was refused: it hears so.
            expectedUpdates = 0
            sayGreeting()
            return relay(event.withoutErrorEventID)
        }
        unanswered.refused(eventID: id)
        relay(OwnEventID.isLent(id) ? event.withoutErrorEventID : event)
    }

    // MARK: Responses

    /// Counts what an event brings of its response.
    mutating func meter(_ event: RelayedEvent, _ count: (inout UpstreamResponse) -> Void) {
        guard let id = event.text("response_id"), let index = responses.lastIndex(where: { $0.id == id }) else {
            return
        }
        count(&responses[index])
    }

    private mutating func responseCreated(_ event: RelayedEvent) {
        let request = unanswered.answered(.response)
        if let object = event.object("response"), let id = object["id"]?.string {
            if responses.count == Self.maxResponses { responses.removeFirst() }
            responses.append(UpstreamResponse(id: id, object, request: request, input: lastInput))
        }
        relay(event)
    }

    private mutating func responseDone(_ event: RelayedEvent) {
        guard let object = event.object("response"), let id = object["id"]?.string else { return relay(event) }
        let response = responses.last { $0.id == id }
        let explained = response?.explained(object) ?? object
        relay(explained == object ? event : event.with("response", .object(explained)))
        responses.removeAll { $0.id == id }
        for item in object["output"]?.array ?? [] { if let item = item.object { conversation.update(item) } }
        if let usage = object["usage"]?.object { account(Usage(relayed: usage)) }
        guard let index = playouts.firstIndex(where: { $0.response == id }) else { return }
        if explained["status"]?.string == "cancelled" { return silence(playouts.remove(at: index)) }
        playouts[index].isWhole = true
        act(.endPlayout(playouts[index].generation))
        settle(index)
    }

    private mutating func account(_ usage: Usage) {
        lastInput = usage.input
        spending.spend(usage)
        act(.account(usage))
    }

    /// The connection ended in the middle of answers: clients see their end, and the last one in the conversation is
    /// asked for again, once.
    mutating func concludeResponses() {
        for response in responses {
            let items = response.openItems.compactMap { open in
                conversation.object(open.id, status: "incomplete").map { (open, $0) }
            }
            for (open, item) in items {
                relay(
                    RelayedEvent(
                        "response.output_item.done",
                        [
                            ("response_id", .string(response.id)), ("output_index", .integer(open.outputIndex)),
                            ("item", .object(item)),
                        ]))
            }
            let failed = response.failed(
                items.map(\.1), code: response.refusal?.code ?? EngineFailure.brokenOff.code,
                response.refusal?.message ?? "The upstream broke off in the middle of the answer.")
            relay(RelayedEvent("response.done", [("response", .object(failed))]))
            if let index = playouts.firstIndex(where: { $0.response == response.id }) {
                playouts[index].isWhole = true
                act(.endPlayout(playouts[index].generation))
                settle(index)
            }
            resume(response)
        }
        responses = []
        if isUserSpeaking { resumption = nil }
    }

    private mutating func resume(_ response: UpstreamResponse) {
        let wasResumed = response.request?.eventID.map(OwnEventID.isOwn) ?? false
        guard !response.isOutOfBand, !response.isSilenced, !wasResumed, response.refusal == nil else { return }
        let request = response.request ?? RelayedEvent("response.create", [])
        resumption = request.with("event_id", ownEventID())
    }
}

extension RelayedEvent {
    /// The content part that an event is about.
    var part: (item: String, contentIndex: Int)? {
        guard let item = text("item_id") else { return nil }
        return (item, count("content_index") ?? 0)
    }

    /// An `error` whose client's event had no name.
    fileprivate var withoutErrorEventID: RelayedEvent {
        var error = object("error") ?? JSONObject()
        error["event_id"] = .null
        return with("error", .object(error))
    }
}
