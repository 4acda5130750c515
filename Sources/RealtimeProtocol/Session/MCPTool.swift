/// A tool of `type: mcp`: a server whose tools the model may call, as a client named it (REALTIME_API section 6).
package struct MCPTool: Equatable, Sendable {
    /// Letters, digits, `-` and `_`, 64 at most.
    package var label: String
    /// Nil: a definition that the session has, or the server's configuration.
    package var url: String?
    /// Sent as `Authorization: Bearer`; never told to a client.
    package var authorization: Credential?
    package var headers: [MCPHeader] = []
    /// Nil: every tool.
    package var allowedTools: MCPToolFilter?
    /// Nil where the client does not say.
    package var approval: MCPApproval?
    package var description: String?

    package init(label: String, url: String? = nil) {
        self.label = label
        self.url = url
    }
}

/// One header for an MCP server; its value is never told to a client.
package struct MCPHeader: Hashable, Sendable {
    package var name: String
    package var value: Credential

    package init(name: String, value: Credential) {
        self.name = name
        self.value = value
    }
}

/// Which tools of a server are meant: all conditions that are there must hold.
package struct MCPToolFilter: Equatable, Sendable {
    package var names: [String]?
    /// By the tool's own `readOnlyHint`.
    package var isReadOnly: Bool?

    package init(names: [String]? = nil, isReadOnly: Bool? = nil) {
        self.names = names
        self.isReadOnly = isReadOnly
    }

    package func admits(_ tool: MCPListedTool) -> Bool {
        if let names, !names.contains(tool.name) { return false }
        return isReadOnly == nil || isReadOnly == tool.isReadOnly
    }
}

/// `require_approval`: which calls wait for an `mcp_approval_response`.
package enum MCPApproval: Equatable, Sendable {
    case always
    case never
    /// What `never` names goes without; what `always` names, and everything else, waits.
    case filtered(always: MCPToolFilter?, never: MCPToolFilter?)

    package func isNeeded(for tool: MCPListedTool) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .filtered(let always, let never): always?.admits(tool) == true || never?.admits(tool) != true
        }
    }
}
