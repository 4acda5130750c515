import RealtimeProtocol

/// Calls of MCP servers' tools: they run beside the talk, and what they give is there for whatever is asked next
/// (RT-177, RT-178, RT-181).
extension SessionMachine {
    /// The model has said a call whole, or was stopped in it.
    mutating func begin(
        _ call: MCPCall, _ remote: Toolbox.Remote, at address: ItemAddress, isWhole: Bool,
        in response: inout ActiveResponse
    ) {
        mcp.calls[address.item] = MCPState.Call(address: address, server: remote.server, call: call)
        // Its text is the response's until then; `conclude` looks for it there too.
        responses.put(response)
        defer { response = responses.response(response.generation) ?? response }
        if let error = obstacle(call, remote, isWhole: isWhole, isOutOfBand: response.plan.isOutOfBand) {
            return conclude(address.item, .failed(error))
        }
        if remote.needsApproval { askForApproval(address.item) } else { run(address.item) }
    }

    /// Why a call is not made.
    private func obstacle(
        _ call: MCPCall, _ remote: Toolbox.Remote, isWhole: Bool, isOutOfBand: Bool
    ) -> MCPError? {
        if !isWhole { return .execution(message: "The response ended before the call was whole.") }
        if !call.arguments.isEmpty {
            guard case .object? = try? JSONParser.parse(Array(call.arguments.utf8)) else {
                return .execution(message: "The arguments are no JSON object.")
            }
        }
        if mcp.calls.count > MCPState.maxCalls {
            return .execution(message: "More than \(MCPState.maxCalls) calls run or wait for approval.")
        }
        if remote.needsApproval, isOutOfBand {
            return .execution(message: "The call needs an approval, for which only the conversation has a place.")
        }
        return nil
    }

    private mutating func run(_ id: ItemID) {
        guard let call = mcp.calls[id] else { return }
        mcp.calls[id]?.approvalRequest = nil
        emit(.mcpCall(.inProgress, call.address))
        act(.callTool(id, call.server, name: call.call.name, arguments: call.call.arguments))
    }

    private mutating func askForApproval(_ id: ItemID) {
        guard let call = mcp.calls[id]?.call else { return }
        let request = MCPApprovalRequest(label: call.label, name: call.name, arguments: call.arguments)
        let item = Item(id: identifiers.item(), body: .mcp(.approvalRequest(request)))
        do {
            try conversation.insert(Conversation.Entry(item))
        } catch {
            return conclude(
                id, .failed(.execution(message: "The conversation has no place for the request for approval.")))
        }
        mcp.calls[id]?.approvalRequest = item.id
        change(id) { $0.approvalRequest = item.id }
        let previous = conversation.previous(of: item.id)
        emit(.conversationItemAdded(item, previousItemID: previous))
        emit(.conversationItemDone(item, previousItemID: previous))
    }

    /// Only a request that waits can be answered.
    func checkApproval(_ body: Item.Body) throws(ProtocolError) {
        guard case .mcp(.approvalResponse(let response)) = body else { return }
        guard mcp.calls.values.contains(where: { $0.approvalRequest == response.request }) else {
            throw .unknownApproval(response.request)
        }
    }

    mutating func approvalCame(_ response: MCPApprovalResponse) {
        guard let id = mcp.calls.first(where: { $0.value.approvalRequest == response.request })?.key else { return }
        if response.approves { return run(id) }
        let reason = response.reason.map { ": \($0)" } ?? "."
        conclude(id, .failed(.execution(message: "The call was not approved" + reason)))
    }

    mutating func toolEnded(_ id: ItemID, _ outcome: MCPOutcome) {
        guard let call = mcp.calls[id], call.approvalRequest == nil else { return }
        conclude(id, outcome)
    }

    /// The one way a call is over.
    mutating func conclude(_ id: ItemID, _ outcome: MCPOutcome) {
        guard let call = mcp.calls[id] else { return }
        change(id) { $0.outcome = outcome }
        guard let done = mcp.calls.removeValue(forKey: id)?.call else { return }
        preparation.isDue = true
        let item = Item(id: id, body: .mcp(.call(done)))
        let place = conversation.order.last
        conversation.update(id) { $0.resultPlace = place }
        emit(.mcpCall(outcome.progress, call.address))
        if conversation[id] != nil {
            emit(.conversationItemDone(item, previousItemID: conversation.previous(of: id)))
        }
        emit(.outputItemDone(call.address.response, outputIndex: call.address.outputIndex, item))
    }

    /// Changes a call wherever it is kept: among those that are not over, in the conversation, in its response.
    private mutating func change(_ id: ItemID, _ body: (inout MCPCall) -> Void) {
        guard var call = mcp.calls[id]?.call else { return }
        body(&call)
        mcp.calls[id]?.call = call
        conversation.update(id) { $0.item = Item(id: id, status: $0.item.status, body: .mcp(.call(call))) }
        for var response in responses.all {
            guard let index = response.outputs.firstIndex(where: { $0.id == id }),
                case .remote(_, let remote) = response.outputs[index].body
            else { continue }
            response.outputs[index].body = .remote(call, remote)
            responses.put(response)
        }
    }

    // MARK: What a model reads

    /// Calls by the item after which their results are read.
    func resultsByPlace(_ context: [ResponsePlan.ContextItem]) -> [ItemID: [ItemID]] {
        let places = Set(context.map(\.id))
        return context.reduce(into: [:]) { results, entry in
            guard case .conversation(let id) = entry, let kept = conversation[id], kept.item.isRemoteCall else {
                return
            }
            let place = kept.resultPlace.flatMap { places.contains($0) ? $0 : nil } ?? id
            results[place, default: []].append(id)
        }
    }

    /// The result of a call that can be read.
    func readableResult(_ id: ItemID) -> ReadableItem? {
        guard let entry = conversation[id], !entry.isOutsideWindow, entry.item.status == .completed,
            case .mcp(.call(let call)) = entry.item.body
        else { return nil }
        return ReadableItem(
            Item(id: id, body: .functionCallOutput(call.result(id))), isOfConversation: true, userAudioMs: 0)
    }
}

extension MCPOutcome {
    fileprivate var progress: MCPProgress {
        if case .output = self { .completed } else { .failed }
    }
}

extension Item {
    fileprivate var isRemoteCall: Bool {
        if case .mcp(.call) = body { true } else { false }
    }
}
