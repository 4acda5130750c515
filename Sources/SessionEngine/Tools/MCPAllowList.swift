package import RealtimeProtocol

/// Which MCP servers the sessions of this gateway may use. What a name's address is, is looked at where it is connected to.
package struct MCPAllowList: Equatable, Sendable {
    /// A server that the configuration names; every client may name its label.
    package struct Entry: Equatable, Sendable {
        package var server: MCPServer
        /// Nil: every tool.
        package var tools: MCPToolFilter?
        /// Nil leaves it to the client.
        package var approval: MCPApproval?

        package init(server: MCPServer, tools: MCPToolFilter? = nil, approval: MCPApproval? = nil) {
            self.server = server
            self.tools = tools
            self.approval = approval
        }
    }

    package var entries: [Entry]
    /// Hosts of which a client with a key of the gateway may name addresses: a name, `*.example.com`, or `*`.
    package var hosts: [String]

    package init(entries: [Entry] = [], hosts: [String] = []) {
        self.entries = entries
        self.hosts = hosts
    }

    package func admits(host: String) -> Bool {
        hosts.contains { pattern in
            if pattern == "*" { return true }
            guard pattern.hasPrefix("*.") else { return pattern == host }
            return host.hasSuffix(pattern.dropFirst())
        }
    }

    /// What a client's tool means. A label alone means what the session knows under it, then what the configuration has.
    ///
    /// - Parameters:
    ///   - known: definitions the session has taken before.
    ///   - namesAddresses: false for the holder of a client secret, who may choose among what there is, and no more.
    ///   - path: of the tools, for errors.
    func resolve(
        _ tool: MCPTool, known: [String: ResolvedServer], namesAddresses: Bool, path: String
    ) throws(ProtocolError) -> ResolvedServer {
        guard namesAddresses || tool.url == nil else {
            throw .invalid("\(path).server_url", "a client secret may name a server's label, not its address")
        }
        guard namesAddresses || tool.authorization == nil && tool.headers.isEmpty else {
            throw .invalid(
                "\(path).authorization", "a client secret may name a server's label, and no credentials for it")
        }
        var resolved = try definition(of: tool, known, path: path)
        if let authorization = tool.authorization { resolved.server.authorization = authorization }
        if !tool.headers.isEmpty { resolved.server.headers = tool.headers }
        resolved.allowedTools = tool.allowedTools ?? resolved.allowedTools
        if namesAddresses || resolved.approval == nil { resolved.approval = tool.approval ?? resolved.approval }
        return resolved
    }

    private func definition(
        of tool: MCPTool, _ known: [String: ResolvedServer], path: String
    ) throws(ProtocolError) -> ResolvedServer {
        guard let text = tool.url else {
            if let before = known[tool.label] { return before }
            guard let entry = entries.first(where: { $0.server.label == tool.label }) else {
                throw .invalid(
                    "\(path).server_label",
                    "neither this session nor this gateway knows an MCP server with the label '\(tool.label)'")
            }
            return ResolvedServer(server: entry.server, limits: entry.limits, approval: entry.approval)
        }
        guard let url = ServerURL(text) else {
            throw .invalid("\(path).server_url", "expected http(s)://host:port/path")
        }
        let entry = entries.first { $0.server.url == url }
        guard entry != nil || admits(host: url.host) else {
            throw .invalid("\(path).server_url", "this gateway's configuration does not allow that server")
        }
        return ResolvedServer(
            server: MCPServer(label: tool.label, url: url), limits: entry?.limits ?? [], approval: entry?.approval)
    }

    /// Refuses tools of a session that is passed on, whose servers the service asks itself: what a client names must be what the
    /// session may use here.
    ///
    /// - Parameters:
    ///   - known: tools that the session has taken before; those of a client secret cannot be widened by its holder.
    ///   - namesAddresses: false for the holder of a client secret.
    ///   - path: of the tools, for errors.
    package func check(
        passedOn tools: [MCPTool], known: [MCPTool], namesAddresses: Bool, path: String
    ) throws(ProtocolError) {
        var definitions: [String: ResolvedServer] = [:]
        for tool in known {
            definitions[tool.label] = try? resolve(tool, known: [:], namesAddresses: true, path: path)
        }
        for tool in tools {
            _ = try resolve(tool, known: definitions, namesAddresses: namesAddresses, path: path)
            guard !namesAddresses, let own = known.first(where: { $0.label == tool.label }) else { continue }
            guard tool.allowedTools?.isWithin(own.allowedTools) ?? true else {
                throw .invalid("\(path).allowed_tools", "a client secret may choose among the tools that it was given")
            }
            guard tool.approval == nil || tool.approval == own.approval else {
                throw .invalid("\(path).require_approval", "a client secret leaves approval as it was given")
            }
        }
    }

    /// The tools that are left of what a client names, for a service that asks the server itself; nil where the configuration leaves
    /// them all.
    ///
    /// - Parameter known: tools that the session has taken before.
    package func limit(of tool: MCPTool, known: [MCPTool]) -> MCPToolFilter? {
        let url = (tool.url ?? known.first { $0.label == tool.label }?.url).flatMap { ServerURL($0) }
        let entry = entries.first { url == nil ? $0.server.label == tool.label : $0.server.url == url }
        guard let most = entry?.tools else { return nil }
        guard let wanted = tool.allowedTools else { return most }
        let names = most.names.map { most in wanted.names.map { $0.filter(most.contains) } ?? most }
        return MCPToolFilter(names: names ?? wanted.names, isReadOnly: most.isReadOnly ?? wanted.isReadOnly)
    }

    /// Refuses a session whose first tools name what it may not use.
    package func check(_ servers: [MCPTool]) throws(ProtocolError) {
        for server in servers {
            _ = try resolve(server, known: [:], namesAddresses: true, path: "session.tools")
        }
    }
}

extension MCPAllowList.Entry {
    fileprivate var limits: [MCPToolFilter] { tools.map { [$0] } ?? [] }
}

extension MCPToolFilter {
    /// Whether nothing is meant that the other leaves out; nil leaves out nothing.
    fileprivate func isWithin(_ other: MCPToolFilter?) -> Bool {
        guard let other else { return true }
        if other.isReadOnly != nil, isReadOnly != other.isReadOnly { return false }
        guard let most = other.names else { return true }
        return names?.allSatisfy(most.contains) ?? false
    }
}
