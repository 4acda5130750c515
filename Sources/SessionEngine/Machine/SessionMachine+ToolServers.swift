import RealtimeProtocol

/// What MCP servers have: asked for once for each definition, told as `mcp_list_tools` items (RT-176, RT-182).
extension SessionMachine {
    /// The servers of the session's own tools.
    var sessionServers: [ResolvedServer] {
        configuration.servers.compactMap { mcp.definitions[$0.label] }
    }

    func resolve(_ servers: [MCPTool], path: String) throws(ProtocolError) -> [ResolvedServer] {
        var resolved: [ResolvedServer] = []
        for server in servers {
            resolved.append(
                try settings.toolServers.resolve(
                    server, known: mcp.definitions, namesAddresses: settings.namesAddresses, path: path))
        }
        let new = Set(resolved.map(\.server)).filter { mcp.listings[$0] == nil }
        guard mcp.listings.count + new.count <= MCPState.maxServers else { throw .tooManyServers }
        return resolved
    }

    /// The servers of a response: its own, or the session's.
    func serversOf(_ parameters: ResponseParameters) throws(ProtocolError) -> [ResolvedServer] {
        guard let servers = parameters.servers else { return sessionServers }
        return try resolve(servers, path: "response.tools")
    }

    func toolbox(_ plan: ResponsePlan) -> Toolbox {
        mcp.toolbox(plan.tools, plan.toolChoice, plan.servers)
    }

    /// With its first client there is somebody to tell of the tools that the session began with.
    mutating func importFirstTools() {
        guard mcp.definitions.isEmpty, configuration.kind == .realtime else { return }
        for tool in configuration.servers {
            guard
                let server = try? settings.toolServers.resolve(
                    tool, known: [:], namesAddresses: true, path: "session.tools")
            else { continue }
            define(settings.namesAddresses ? server : server.sealed)
        }
    }

    /// A definition of the session; its tools are asked for unless they are known.
    mutating func define(_ resolved: ResolvedServer) {
        mcp.definitions[resolved.server.label] = resolved
        importTools(of: resolved.server)
    }

    mutating func importTools(of server: MCPServer) {
        if let listing = mcp.listings[server], listing.progress != .failed { return }
        let item = Item(
            id: identifiers.item(), status: .inProgress, body: .mcp(.listTools(MCPToolList(label: server.label))))
        mcp.listings[server] = MCPState.Listing(item: item.id)
        do {
            try conversation.insert(Conversation.Entry(item))
        } catch {
            mcp.listings[server]?.progress = .failed
            return emit(.error(.refused(error, item.id)))
        }
        emit(.conversationItemAdded(item, previousItemID: conversation.previous(of: item.id)))
        emit(.mcpListTools(.inProgress, item.id))
        act(.listTools(item.id, server))
    }

    mutating func toolsListed(_ id: ItemID, _ tools: [MCPListedTool]) {
        guard let server = mcp.server(listedBy: id), mcp.listings[server]?.progress == .inProgress else { return }
        mcp.listings[server]?.progress = .listed(tools)
        preparation.isDue = true
        listed(id, MCPToolList(label: server.label, tools: tools), nil)
    }

    mutating func toolListFailed(_ id: ItemID, _ error: MCPError) {
        guard let server = mcp.server(listedBy: id), mcp.listings[server]?.progress == .inProgress else { return }
        mcp.listings[server]?.progress = .failed
        listed(id, MCPToolList(label: server.label), error)
    }

    private mutating func listed(_ id: ItemID, _ list: MCPToolList, _ error: MCPError?) {
        let item = Item(id: id, body: .mcp(.listTools(list)))
        conversation.update(id) { $0.item = item }
        emit(.mcpListTools(error == nil ? .completed : .failed, id, error))
        if conversation[id] != nil {
            emit(.conversationItemDone(item, previousItemID: conversation.previous(of: id)))
        }
        resolve(id)
    }

    /// What was asked for an item goes with it.
    mutating func toolItemDeleted(_ id: ItemID) {
        if let server = mcp.server(listedBy: id), mcp.listings[server]?.progress == .inProgress {
            mcp.listings[server]?.progress = .failed
            act(.cancelTool(id))
        }
        if let call = mcp.calls[id] {
            if call.approvalRequest == nil { act(.cancelTool(id)) }
            conclude(id, .failed(.execution(message: "The call was deleted.")))
        }
        if let waiting = mcp.calls.first(where: { $0.value.approvalRequest == id })?.key {
            conclude(waiting, .failed(.execution(message: "The request for approval was deleted.")))
        }
    }
}
