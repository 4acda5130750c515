import AudioPipeline
import RealtimeProtocol
import SessionEngine

/// The answer's audio, and what was heard of it.
extension UpstreamMachine {
    mutating func heard(_ event: RelayedEvent, _ sound: UpstreamSound?) {
        relay(event, to: .allOf(.webSocket))
        if let (item, index) = event.part, let delta = event.text("delta") {
            let samples = samples(ofBase64: delta.utf8.count)
            conversation.addSound(item, index, samples: samples)
            meter(event) { $0.samples += samples }
        }
        guard let sound else { return }
        guard let (item, index) = event.part, let id = event.text("response_id"), transports.hasPeer,
            sound.samples > 0
        else { return act(.drop(block: sound.block)) }
        let response = responses.last { $0.id == id }
        guard response?.isSilenced == false, let playout = playout(of: id, isOutOfBand: response?.isOutOfBand ?? false)
        else { return act(.drop(block: sound.block)) }
        playouts[playout].deliver(sound.samples, of: item, index)
        act(.play(block: sound.block, playouts[playout].generation))
    }

    /// At 24 kHz, of audio in the session's output format.
    private func samples(ofBase64 characters: Int) -> Int {
        let bytes = characters / 4 * 3
        let format = session?["audio"]?.object?["output"]?.object?["format"]?.object?["type"]?.string
        return format == nil || format == AudioFormat.pcm.rawValue ? bytes / 2 : bytes * 3
    }

    private mutating func playout(of response: String, isOutOfBand: Bool) -> Int? {
        if let index = playouts.lastIndex(where: { $0.response == response }) { return index }
        guard playouts.count < Self.maxResponses else { return nil }
        lastPlayout = (lastPlayout.generation + 1, response)
        playouts.append(
            UpstreamPlayout(
                Generation(rawValue: lastPlayout.generation), response: response, isOutOfBand: isOutOfBand))
        return playouts.count - 1
    }

    /// Samples have left for a peer: the only truth about what was heard.
    mutating func played(_ generation: Generation, _ samples: Int) {
        guard let index = playouts.firstIndex(where: { $0.generation == generation }) else { return }
        if playouts[index].advance(toPlayed: samples) {
            tell(.outputAudioBufferStarted(ResponseID(playouts[index].response)), to: .allOf(.peer))
        }
        settle(index)
    }

    /// A playout that is played to its end stops.
    mutating func settle(_ index: Int) {
        guard playouts[index].isOver else { return }
        let playout = playouts.remove(at: index)
        if playout.isHeard { tell(.outputAudioBufferStopped(ResponseID(playout.response)), to: .allOf(.peer)) }
    }

    /// The user speaks: what is being said stops, and counts as far as it was heard.
    mutating func speechStarted(_ event: RelayedEvent) {
        isUserSpeaking = true
        relay(event)
        guard interrupts else { return }
        for index in responses.indices where !responses[index].isOutOfBand { responses[index].isSilenced = true }
        let interrupted = playouts.filter { !$0.isOutOfBand }
        playouts.removeAll { !$0.isOutOfBand }
        for playout in interrupted { silence(playout) }
    }

    /// `output_audio_buffer.clear`: whatever is being heard stops, and the response that says it with it.
    mutating func clearOutput() throws(ProtocolError) {
        guard let last = lastPlayout.response else { throw .nothingToClear }
        guard !playouts.isEmpty else { return tell(.outputAudioBufferCleared(ResponseID(last)), to: .allOf(.peer)) }
        let cleared = playouts
        playouts = []
        for playout in cleared {
            if let index = responses.firstIndex(where: { $0.id == playout.response }) {
                responses[index].isSilenced = true
                if isOpen {
                    act(
                        .send(
                            RelayedEvent(
                                "response.cancel",
                                [("event_id", ownEventID()), ("response_id", .string(playout.response))])))
                }
            }
            silence(playout)
        }
    }

    /// Drops the audio of a playout that is not among `playouts` any more; the upstream is told what was heard.
    mutating func silence(_ playout: UpstreamPlayout) {
        act(.discardPlayout(playout.generation))
        tell(.outputAudioBufferCleared(ResponseID(playout.response)), to: .allOf(.peer))
        for (part, heardMs) in playout.unheard {
            conversation.cut(part.item, part.contentIndex, ms: heardMs)
            guard isOpen, !playout.isOutOfBand else { continue }
            act(
                .send(
                    RelayedEvent(
                        "conversation.item.truncate",
                        [
                            ("event_id", ownEventID()), ("item_id", .string(part.item)),
                            ("content_index", .integer(part.contentIndex)), ("audio_end_ms", .integer(heardMs)),
                        ])))
        }
    }
}
