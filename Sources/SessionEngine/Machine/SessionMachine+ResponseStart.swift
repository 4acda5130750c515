import RealtimeProtocol

extension SessionMachine {
    /// Creates a response, and starts it as soon as its context can be read (REALTIME_API 4.4-6, 4.4-8).
    mutating func createResponse(_ parameters: ResponseParameters) throws(ProtocolError) {
        guard configuration.kind == .realtime else { throw .noResponses }
        try checkBudget()
        if parameters.isOutOfBand {
            guard responses.outOfBand.count < ResponseLifecycle.maxOutOfBand else { throw .tooManyResponses }
        } else if let active = responses.active {
            throw .busy(active.id)
        }
        let servers = try serversOf(parameters)
        let given = try givenItems(parameters)
        let context = given ?? conversation.order.map { .conversation($0) }
        let plan = ResponsePlan(
            parameters, configuration, servers: servers, context: context.map(\.withoutAudio))
        let response = ActiveResponse(
            id: identifiers.response(), generation: responses.nextGeneration(), plan: plan)
        if !plan.isOutOfBand { listening.idle.stop() }
        responses.put(response)
        emit(.responseCreated(response.response(.inProgress, conversation: settings.conversation, usage: nil)))
        for case .given(let item, _) in context { storeAudio(of: item, .silent) }
        if plan.namesServers { for server in servers { importTools(of: server.server) } }
        startWhenReadable(response)
    }

    /// Starts a response, or lets it wait for what is being transcribed of its context: looked at anew each time, since an
    /// item may have been deleted and created again meanwhile.
    mutating func startWhenReadable(_ response: ActiveResponse) {
        var response = response
        var waiting = Set(response.plan.context.map(\.id).filter { transcriptions.isPending($0) })
        // Tools that came with it can be called in no other response; those of the session can be in the next.
        if response.plan.namesServers { waiting.formUnion(mcp.pending(response.plan.servers)) }
        response.phase = .waiting(waiting)
        if waiting.isEmpty { start(response) } else { responses.put(response) }
    }

    /// The context that came with `response.create`; nil where none did.
    private mutating func givenItems(
        _ parameters: ResponseParameters
    ) throws(ProtocolError) -> [ResponsePlan.ContextItem]? {
        guard let inputs = parameters.input else { return nil }
        var context: [ResponsePlan.ContextItem] = []
        for (index, input) in inputs.enumerated() {
            switch input {
            case .reference(let id):
                guard conversation[id] != nil else { throw .unknownReference(id, index: index) }
                context.append(.conversation(id))
            case .item(let new):
                try check(new.body, path: "response.input[\(index)]")
                // Under a name of its own, so that it is not taken for an item of the conversation.
                let item = Item(id: identifiers.item(), body: new.body)
                context.append(.given(item, audioMs: audioLengths(of: item)))
            }
        }
        return context
    }

    /// Asks the model, now that every item of the context can be read.
    private mutating func start(_ response: ActiveResponse) {
        var response = response
        recordOpenItem()
        let readable = readable(response.plan.context)
        response.toolbox = toolbox(response.plan)
        switch fit(readable, response.plan, response.toolbox) {
        case .tooLong(let tokens, let limit):
            let failure = Response.Failure(
                type: ProtocolError.Kind.invalidRequest.rawValue, code: "context_length_exceeded",
                message: "The context has about \(tokens) tokens, over the limit of \(limit); truncation is disabled.")
            stop(response, .failed(failure))
        case .drop(let count):
            let kept = readable[count...].filter { !$0.answersCall(among: readable[..<count]) }
            for item in readable[..<count] where item.isOfConversation {
                conversation.update(item.item.id) { $0.isOutsideWindow = true }
            }
            response.meter.start(
                textTokens: fixedTokens(response.plan, response.toolbox) + kept.reduce(0) { $0 + $1.tokens },
                userAudioMs: kept.reduce(0) { $0 + $1.userAudioMs },
                assistantAudioMs: kept.reduce(0) { $0 + $1.assistantAudioMs })
            response.phase = .generating
            response.modelActed = now
            preparation.request = nil
            ask(request(response.plan, response.toolbox, kept.map(\.item)), for: response)
        }
    }

    func request(_ plan: ResponsePlan, _ toolbox: Toolbox, _ items: [Item]) -> ModelRequest {
        let maxTokens: MaxOutputTokens =
            switch plan.maxOutputTokens {
            case .infinite: .infinite
            case .tokens(let count): .tokens(min(count, settings.engine.maxOutputTokens))
            }
        return ModelRequest(
            instructions: plan.instructions, items: items, tools: toolbox.tools, toolChoice: toolbox.choice,
            parallelToolCalls: plan.parallelToolCalls, reasoningEffort: plan.reasoningEffort,
            maxOutputTokens: maxTokens, outputModality: plan.modality)
    }

    func fit(_ items: [ReadableItem], _ plan: ResponsePlan, _ toolbox: Toolbox) -> ContextTruncation.Verdict {
        let limits = settings.engine
        let reserved = min(limits.maxOutputTokens, limits.contextTokens / 2)
        return ContextTruncation.verdict(
            sizes: items.map(\.tokens), fixed: fixedTokens(plan, toolbox), window: limits.contextTokens - reserved,
            plan.truncation)
    }

    private func fixedTokens(_ plan: ResponsePlan, _ toolbox: Toolbox) -> Int {
        TokenEstimate.tokens(plan.instructions) + toolbox.tools.reduce(0) { $0 + TokenEstimate.tokens($1) }
    }

    /// Items as a model reads them: without those it cannot read or shall not any more, each result right after its call.
    func readable(_ context: [ResponsePlan.ContextItem]) -> [ReadableItem] {
        let results = resultsByPlace(context)
        return ToolReading.arranged(
            context.flatMap { entry -> [ReadableItem] in
                let results = (results[entry.id] ?? []).compactMap { readableResult($0) }
                return (readable(entry).map { [$0] } ?? []) + results
            })
    }

    private func readable(_ context: ResponsePlan.ContextItem) -> ReadableItem? {
        switch context {
        case .given(let item, let audioMs):
            return ReadableItem(item, isOfConversation: false, userAudioMs: audioMs.values.reduce(0, +))
        case .conversation(let id):
            guard let entry = conversation[id], !entry.isOutsideWindow else { return nil }
            return ReadableItem(entry)
        }
    }
}

extension ResponsePlan.ContextItem {
    fileprivate var withoutAudio: ResponsePlan.ContextItem {
        if case .given(let item, let audioMs) = self { .given(item.withoutAudio, audioMs: audioMs) } else { self }
    }
}
