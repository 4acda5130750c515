import RealtimeProtocol

extension SessionMachine {
    /// Ends a response before its time: the work is freed, what was begun is closed out in order, and what was not heard
    /// does not count.
    mutating func stop(_ response: ActiveResponse, _ status: Response.Status) {
        var response = response
        if response.hasStarted { act(.discardAudio(response.generation)) }
        let playout = output.removePlayout(response.generation)
        if let playout { emit(.outputAudioBufferCleared(playout.response), to: .allOf(.peer)) }
        if let index = response.openIndex {
            if case .speech(var part) = response.outputs[index].body, part.isUnfinished {
                // The rest of the clause was never made, so nobody can have heard it.
                part.cut(toSamples: part.samples)
                response.outputs[index].body = .speech(part)
            }
            close(index, .incomplete, &response)
        }
        // What has failed stays failed, whoever cuts its apology short.
        finish(response, response.failure.map { .failed($0) } ?? status)
        if let playout { truncateUnheard(playout) }
    }

    /// Closes an item: its part, the item of the conversation, the item of the response (RT-140).
    mutating func close(_ index: Int, _ status: Item.Status, _ response: inout ActiveResponse) {
        response.outputs[index].stage = .closed(status)
        let output = response.outputs[index]
        switch output.body {
        case .text(let text):
            emit(.outputTextDone(output.part, text))
            emit(.contentPartDone(output.part, .text, text: text))
        case .speech(let part):
            emit(.outputAudioDone(output.part))
            emit(.outputAudioTranscriptDone(output.part, part.toldTranscript))
            emit(.contentPartDone(output.part, .audio, text: part.toldTranscript))
        case .call(let call):
            emit(.functionCallArgumentsDone(output.address, call))
        case .remote(let call, let remote):
            emit(.mcpCallArgumentsDone(output.address, call.arguments))
            conversation.record(output)
            // Its item is done when the tool is.
            return begin(call, remote, at: output.address, isWhole: status == .completed, in: &response)
        }
        conversation.record(output)
        if conversation[output.id] != nil {
            emit(.conversationItemDone(output.toldItem, previousItemID: conversation.previous(of: output.id)))
        } else if case .speech = output.body {
            // Out of band, or deleted meanwhile: nobody can ask for its audio.
            act(.dropAudio(output.id))
        }
        emit(.outputItemDone(response.id, outputIndex: output.address.outputIndex, output.toldItem))
    }

    /// The one way a response is done.
    mutating func finish(_ response: ActiveResponse, _ status: Response.Status) {
        responses.remove(response.generation)
        preparation.isDue = true
        if response.hasStarted { act(.cancel(response.generation)) }
        let usage = response.meter.usage(samples: response.samples)
        emit(.responseDone(response.response(status, conversation: settings.conversation, usage: usage)))
        act(.account(usage))
        spending.spend(usage)
        if let limit = rate?.take(usage, now: now) { emit(.rateLimitsUpdated([limit])) }
        for case .given(let item, let audioMs) in response.plan.context { forget(item.id, hasAudio: !audioMs.isEmpty) }
        if let index = output.playout(response.generation) { output.playouts[index].isWhole = true }
        settlePlayout(response.generation)
        guard !response.plan.isOutOfBand, response.hasMessage, status != .cancelled(.turnDetected),
            output.playout(response.generation) == nil
        else { return }
        let heard = transports.hasPeer ? 0 : response.samples
        answerIsHeard(at: now + .seconds(1) * heard / (SpokenPart.samplesPerMs * 1_000))
    }

    /// An item that was given with a response goes with it.
    private mutating func forget(_ id: ItemID, hasAudio: Bool) {
        if transcriptions.drop(id) { act(.cancelTranscription(id)) }
        if hasAudio { act(.dropAudio(id)) }
    }
}

extension SpokenPart {
    /// Whether some clause that was told has not been spoken to its end.
    var isUnfinished: Bool { clauses[..<told].contains { $0.progress != .spoken } }
}
