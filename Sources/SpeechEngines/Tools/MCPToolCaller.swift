package import RealtimeProtocol
package import SessionEngine

/// The MCP servers of one session: a client for each, made when it is first asked.
package actor MCPToolCaller: ToolCaller {
    /// What servers may take, and what they may be.
    package struct Settings: Sendable {
        package var addresses: AddressGuard
        package var listLimit: Duration
        package var callLimit: Duration

        package init(addresses: AddressGuard, listLimit: Duration = .seconds(10), callLimit: Duration = .seconds(60)) {
            self.addresses = addresses
            self.listLimit = listLimit
            self.callLimit = callLimit
        }
    }

    private let settings: Settings
    private let clock: any MonotonicClock
    private var clients: [MCPServer: MCPClient] = [:]
    private var isClosed = false

    package init(_ settings: Settings, clock: any MonotonicClock = ContinuousClock()) {
        self.settings = settings
        self.clock = clock
    }

    package func tools(of server: MCPServer) async throws(MCPError) -> [MCPListedTool] {
        guard let client = client(server) else { throw .unreachable }
        return try await client.tools(within: settings.listLimit)
    }

    package func call(_ name: String, arguments: String, on server: MCPServer) async -> MCPOutcome {
        guard let client = client(server) else { return .failed(.unreachable) }
        return await client.call(name, arguments: arguments, within: settings.callLimit)
    }

    package func close() async {
        isClosed = true
        let closing = clients.values
        clients = [:]
        await withDiscardingTaskGroup { group in
            for client in closing { group.addTask { await client.close() } }
        }
    }

    private func client(_ server: MCPServer) -> MCPClient? {
        guard !isClosed else { return nil }
        if let client = clients[server] { return client }
        let client = MCPClient(server, addresses: settings.addresses, clock: clock)
        clients[server] = client
        return client
    }
}
