package import RealtimeProtocol

/// A server whose tools a session may list and call: what its definition and the configuration come to.
package struct MCPServer: Hashable, Sendable {
    package var label: String
    package var url: ServerURL
    package var authorization: Credential?
    package var headers: [MCPHeader]

    package init(label: String, url: ServerURL, authorization: Credential? = nil, headers: [MCPHeader] = []) {
        self.label = label
        self.url = url
        self.authorization = authorization
        self.headers = headers
    }
}

/// What one tool of a client came to.
struct ResolvedServer: Equatable, Sendable {
    var server: MCPServer
    /// The client's choice.
    var allowedTools: MCPToolFilter?
    /// Of the configuration, or of who made the client's secret: the client cannot widen them.
    var limits: [MCPToolFilter] = []
    /// Nil: nobody said, and every call waits for a word (RT-178).
    var approval: MCPApproval?

    func admits(_ tool: MCPListedTool) -> Bool {
        allowedTools?.admits(tool) != false && limits.allSatisfy { $0.admits(tool) }
    }

    func needsApproval(_ tool: MCPListedTool) -> Bool {
        (approval ?? .always).isNeeded(for: tool)
    }

    /// The same, so that what it allows is all that can be chosen from.
    var sealed: ResolvedServer {
        var sealed = self
        if let allowedTools { sealed.limits.append(allowedTools) }
        sealed.allowedTools = nil
        return sealed
    }
}
