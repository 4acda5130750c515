package import RealtimeProtocol

/// What a client gave to start a session with, from all the places it may give it.
package struct SessionStart: Sendable {
    package var caller: Caller
    /// `?model=`.
    package var model: String?
    /// The session object of a form.
    package var part: JSONObject?
    /// Of the address; nil where it does not say.
    package var kind: SessionConfiguration.Kind?

    package init(
        caller: Caller, model: String? = nil, part: JSONObject? = nil, kind: SessionConfiguration.Kind? = nil
    ) {
        self.caller = caller
        self.model = model
        self.part = part
        self.kind = kind
    }

    /// The first configuration of the session. A client secret's own configuration is the base, and its model wins over
    /// the address: who made the secret chose it. Then comes the form, then the address, then the default.
    package func configuration(defaultModel: String) throws(ProtocolError) -> SessionConfiguration {
        var configuration = try base()
        if configuration.model.isEmpty { configuration.model = model ?? defaultModel }
        return configuration
    }

    /// The holder of a client secret names labels: of the servers in the secret, or of the gateway's own.
    private static func servers(
        _ named: [MCPTool], allowedBy granted: [MCPTool]
    ) throws(ProtocolError) -> [MCPTool] {
        var servers: [MCPTool] = []
        for tool in named {
            if let own = granted.first(where: { $0.label == tool.label }) {
                servers.append(own)
                continue
            }
            guard tool.url == nil, tool.authorization == nil, tool.headers.isEmpty else {
                throw ProtocolError(
                    code: "invalid_value",
                    "A client secret may name the label of an MCP server, not its address or credentials.",
                    param: "session.tools")
            }
            servers.append(tool)
        }
        return servers
    }

    private func base() throws(ProtocolError) -> SessionConfiguration {
        guard let grant = caller.grant else {
            guard let part else { return SessionConfiguration(kind: kind ?? .realtime, model: "") }
            return try SessionConfiguration(parsing: part, defaultModel: "")
        }
        if let kind, kind != grant.configuration.kind {
            throw ProtocolError(
                code: "invalid_value", "The client secret is for a \(grant.configuration.kind.rawValue) session.",
                param: "intent")
        }
        guard let part else { return grant.configuration }
        var configuration = try grant.configuration.merging(part)
        configuration.servers = try Self.servers(configuration.servers, allowedBy: grant.configuration.servers)
        if configuration.model.isEmpty {
            configuration.model = try JSONFields(part, path: "session").string("model") ?? ""
        }
        return configuration
    }
}
