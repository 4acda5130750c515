import RealtimeProtocol

extension SessionMachine {
    /// Begins the answer to a turn that is probably over, though it is still waited for; once in a pause.
    mutating func speculateIfLikely() {
        guard settings.engine.speculates, configuration.kind == .realtime, responses.all.isEmpty,
            configuration.input.turnDetection?.createsResponse == true, listening.turns.isLikelyOver,
            let pause = listening.turns.pause, speculatedPause != pause,
            let turn = listening.early.transcript(before: pause), !turn.text.isEmpty,
            let request = foreseenRequest(turn.item, turn.text)
        else { return }
        speculatedPause = pause
        let generation = responses.nextGeneration()
        speculation = Speculation(generation: generation, silentSince: pause, request: request)
        act(.speculate(generation, request))
    }

    /// What a response would ask if the turn ended as `text` now; nil where something else has to be heard first.
    private func foreseenRequest(_ item: ItemID, _ text: String) -> ModelRequest? {
        let plan = upcomingPlan
        let toolbox = toolbox(plan)
        guard plan.context.allSatisfy({ !transcriptions.isPending($0.id) }) else { return nil }
        let message = Message(role: .user, content: [.inputAudio(transcript: text, audio: nil)])
        let turn = ReadableItem(Item(id: item, body: .message(message)), isOfConversation: true, userAudioMs: 0)
        let items = readable(plan.context) + [turn]
        guard case .drop(let count) = fit(items, plan, toolbox) else { return nil }
        return request(plan, toolbox, items[count...].filter { !$0.answersCall(among: items[..<count]) }.map(\.item))
    }

    /// What the model says ahead is held; true when it was that.
    mutating func holds(_ generation: ResponseGeneration, _ output: ModelOutput) -> Bool {
        guard speculation?.generation == generation else { return false }
        if speculation?.hold(output) == false { dropSpeculation() }
        return true
    }

    mutating func holds(_ generation: ResponseGeneration, _ end: ModelEnd) -> Bool {
        guard speculation?.generation == generation else { return false }
        if case .failed = end { dropSpeculation() } else { speculation?.end = end }
        return true
    }

    /// The user went on, or something else happened than was foreseen.
    mutating func reviewSpeculation() {
        guard let speculation else { return }
        if listening.turns.pause != speculation.silentSince || !responses.all.isEmpty { dropSpeculation() }
    }

    mutating func dropSpeculation() {
        guard let speculation else { return }
        self.speculation = nil
        act(.settleSpeculation(speculation.generation, .discarded))
        act(.cancel(speculation.generation))
    }

    /// Starts a response that can be read: what was said ahead to the same request is its beginning.
    mutating func ask(_ request: ModelRequest, for response: ActiveResponse) {
        guard !response.plan.isOutOfBand, let foreseen = speculation, foreseen.request == request else {
            dropSpeculation()
            responses.put(response)
            return act(.startResponse(response.generation, request))
        }
        speculation = nil
        var response = response
        response.generation = foreseen.generation
        responses.put(response)
        act(.settleSpeculation(foreseen.generation, .used))
        for output in foreseen.outputs { modelSaid(foreseen.generation, output) }
        if let end = foreseen.end { modelEnded(foreseen.generation, end) }
    }
}
