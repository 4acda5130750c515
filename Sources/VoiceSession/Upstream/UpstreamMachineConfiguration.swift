package import RealtimeProtocol
package import SessionEngine

/// What an upstream session's machine needs to know before its first input.
package struct UpstreamMachineConfiguration: Sendable {
    /// What clients know the session and its model by, whatever the upstream calls them.
    package var session: SessionID
    package var model: String
    /// What the client's own configuration has that no session has by itself, for the first `session.update`; may be empty.
    package var initial: JSONObject
    /// How many there are that can serve the session; they are tried in order.
    package var endpoints: Int
    /// MCP servers of the client's own configuration, and which ones it may name later.
    package var servers: [MCPTool]
    package var toolServers = MCPAllowList()
    /// False for the holder of a client secret, who names labels alone.
    package var namesAddresses = true
    /// Nil: no limit.
    package var spending: SpendingLimits?
    /// Nil: no limit.
    package var maxDuration: Duration?
    /// Unix seconds at the start, for `expires_at`.
    package var startedAt: Int
    /// From opening a socket to the upstream's `session.created`.
    package var greetingDeadline = Duration.seconds(10)
    /// How long the upstream is tried when the session begins, and when it was lost.
    package var firstPatience = Duration.seconds(5)
    package var patience = Duration.seconds(30)

    package init(
        session: SessionID, initial configuration: SessionConfiguration, endpoints: Int = 1,
        maxDuration: Duration? = nil, startedAt: Int
    ) {
        self.session = session
        model = configuration.model
        servers = configuration.servers
        initial = UpstreamSettings.differences(of: configuration)
        self.endpoints = endpoints
        self.maxDuration = maxDuration
        self.startedAt = startedAt
    }
}
