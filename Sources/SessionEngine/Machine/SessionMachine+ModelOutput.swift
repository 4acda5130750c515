import RealtimeProtocol

extension SessionMachine {
    mutating func modelSaid(_ generation: ResponseGeneration, _ output: ModelOutput) {
        if holds(generation, output) { return }
        guard var response = responses.response(generation), response.phase == .generating else { return }
        response.modelActed = now
        response.hasModelOutput = true
        if let fault = response.outputGuard.fault(in: output) {
            responses.put(response)
            act(.giveUp(generation, .languageModel))
            return fail(generation, fault)
        }
        response.meter.say(output)
        response.keep(output)
        advance(response)
    }

    mutating func modelEnded(_ generation: ResponseGeneration, _ end: ModelEnd) {
        if holds(generation, end) { return }
        guard var response = responses.response(generation), response.phase == .generating else { return }
        switch end {
        case .failed(let failure): fail(generation, failure)
        case .finished(let reason, let usage):
            response.meter.count(usage)
            guard reason != .stop || !response.outputs.isEmpty || !response.backlog.isEmpty else {
                responses.put(response)
                return fail(generation, .emptyAnswer)
            }
            response.phase = .speaking(reason)
            advance(response)
        }
    }

    /// Works off what the model said, as far as it goes now, and ends what has ended.
    mutating func advance(_ response: ActiveResponse) {
        var response = response
        closeIfSpoken(&response)
        let backlog = response.backlog
        response.backlog = []
        let done = backlog.firstIndex { !apply($0, to: &response) } ?? backlog.count
        response.backlog = Array(backlog[done...])
        guard case .speaking(let reason) = response.phase, response.backlog.isEmpty else {
            return responses.put(response)
        }
        endOpenItem(&response, reason == .stop ? .completed : .incomplete)
        guard response.openIndex == nil else { return responses.put(response) }
        finish(response, response.failure.map { .failed($0) } ?? reason.status)
    }

    /// Applies one piece of output; false while the message before it is still being spoken, since items of a response
    /// are told one after the other.
    private mutating func apply(_ piece: ModelOutput, to response: inout ActiveResponse) -> Bool {
        switch piece {
        case .text(let text):
            return say(text, in: &response)
        case .messageEnd:
            if let index = response.openIndex, response.outputs[index].isCall { return true }
            endOpenItem(&response, .completed)
            return true
        case .functionCall(let id, let name):
            endOpenItem(&response, .completed)
            guard response.openIndex == nil else { return false }
            if let remote = response.toolbox[name] {
                open(.remote(MCPCall(label: remote.server.label, name: remote.name), remote), in: &response)
            } else {
                open(.call(FunctionCall(callID: id ?? identifiers.call(), name: name, arguments: "")), in: &response)
            }
            return true
        case .arguments(let text):
            addArguments(text, to: &response)
            return true
        case .functionCallEnd:
            if let index = response.openIndex, response.outputs[index].isCall {
                endOpenItem(&response, .completed)
            }
            return true
        }
    }

    private mutating func addArguments(_ text: String, to response: inout ActiveResponse) {
        guard let index = response.openIndex, !text.isEmpty else { return }
        let address = response.outputs[index].address
        switch response.outputs[index].body {
        case .call(var call):
            call.arguments += text
            response.outputs[index].body = .call(call)
            emit(.functionCallArgumentsDelta(address, call.callID, text))
        case .remote(var call, let remote):
            call.arguments += text
            response.outputs[index].body = .remote(call, remote)
            emit(.mcpCallArgumentsDelta(address, text))
        case .text, .speech: break
        }
    }

    private mutating func say(_ text: String, in response: inout ActiveResponse) -> Bool {
        if let index = response.openIndex {
            let output = response.outputs[index]
            if output.isCall {
                endOpenItem(&response, .completed)
            } else if output.stage != .open {
                return false
            }
        }
        if response.openIndex == nil {
            guard text.contains(where: { !$0.isWhitespace }) else { return true }
            open(response.plan.modality == .text ? .text("") : .speech(response.nextPart), in: &response)
        }
        guard let index = response.openIndex, !text.isEmpty else { return true }
        switch response.outputs[index].body {
        case .text(let before):
            response.outputs[index].body = .text(before + text)
            emit(.outputTextDelta(response.outputs[index].part, text))
        case .speech:
            let said = response.outputs[index].speakable.append(text)
            for clause in response.outputs[index].splitter.append(said) { speak(clause, index, &response) }
        case .call, .remote: break
        }
        return true
    }

    private mutating func speak(_ text: String, _ index: Int, _ response: inout ActiveResponse) {
        guard case .speech(var part) = response.outputs[index].body else { return }
        let clause = response.clauses
        response.clauses += 1
        if !response.awaitsVoice { response.voiceActed = now }
        part.ask(clause, text)
        if response.isMute { part.finish(clause: clause) }
        response.outputs[index].body = .speech(part)
        if response.isMute { return tellTranscript(&response) }
        act(
            .speak(
                response.generation,
                SpeechRequest(clause: clause, text: text, voice: response.plan.voice, speed: response.plan.speed)))
    }

    private mutating func open(_ body: OutputItem.Body, in response: inout ActiveResponse) {
        let address = ItemAddress(
            response: response.id, item: identifiers.item(), outputIndex: response.outputs.count)
        let output = OutputItem(address: address, body: body)
        response.outputs.append(output)
        emit(.outputItemAdded(response.id, outputIndex: address.outputIndex, output.emptyItem))
        if !response.plan.isOutOfBand { addToConversation(output) }
        switch body {
        case .text: emit(.contentPartAdded(output.part, .text))
        case .speech: emit(.contentPartAdded(output.part, .audio))
        case .call, .remote: break
        }
    }

    /// A full conversation loses the item, not the answer: clients hear it all the same.
    private mutating func addToConversation(_ output: OutputItem) {
        do {
            try conversation.insert(Conversation.Entry(output))
            emit(.conversationItemAdded(output.emptyItem, previousItemID: conversation.previous(of: output.id)))
        } catch {
            emit(.error(.refused(error, output.id)))
        }
    }

    /// The model has ended its item: what is left of its text is spoken; it closes once that is done.
    mutating func endOpenItem(_ response: inout ActiveResponse, _ status: Item.Status) {
        guard let index = response.openIndex, response.outputs[index].stage == .open else { return }
        if case .speech = response.outputs[index].body {
            let said = response.outputs[index].speakable.finish()
            for clause in response.outputs[index].splitter.append(said) { speak(clause, index, &response) }
            if let rest = response.outputs[index].splitter.finish() { speak(rest, index, &response) }
        }
        response.outputs[index].stage = .ending(status)
        closeIfSpoken(&response)
    }

    private mutating func closeIfSpoken(_ response: inout ActiveResponse) {
        guard let index = response.openIndex, case .ending(let status) = response.outputs[index].stage else { return }
        if case .speech(let part) = response.outputs[index].body, !part.isComplete { return }
        close(index, status, &response)
    }
}

extension ModelEnd.Reason {
    fileprivate var status: Response.Status {
        switch self {
        case .stop: .completed
        case .maxOutputTokens: .incomplete(.maxOutputTokens)
        case .contentFilter: .incomplete(.contentFilter)
        }
    }
}
