/// An item about the tools of an MCP server.
package enum MCPItem: Equatable, Sendable {
    case listTools(MCPToolList)
    case call(MCPCall)
    case approvalRequest(MCPApprovalRequest)
    case approvalResponse(MCPApprovalResponse)
}

/// `mcp_list_tools`: what a server has.
package struct MCPToolList: Equatable, Sendable {
    package var label: String
    /// Empty until they are known.
    package var tools: [MCPListedTool]

    package init(label: String, tools: [MCPListedTool] = []) {
        self.label = label
        self.tools = tools
    }
}

/// One tool as its server describes it.
package struct MCPListedTool: Equatable, Sendable {
    package var name: String
    /// Strict clients want a string here, be it empty.
    package var description: String
    /// JSON Schema.
    package var inputSchema: JSONValue
    package var annotations: JSONValue?

    package init(name: String, description: String = "", inputSchema: JSONValue, annotations: JSONValue? = nil) {
        self.name = name
        self.description = description
        self.inputSchema = inputSchema
        self.annotations = annotations
    }

    /// `readOnlyHint` of its annotations.
    package var isReadOnly: Bool {
        guard case .object(let object)? = annotations else { return false }
        return object["readOnlyHint"] == .bool(true)
    }
}

/// `mcp_call`: a call of a server's tool by the model.
package struct MCPCall: Equatable, Sendable {
    package var label: String
    package var name: String
    /// JSON text as the model wrote it.
    package var arguments: String
    package var approvalRequest: ItemID?
    /// Nil while it is not over.
    package var outcome: MCPOutcome?

    package init(label: String, name: String, arguments: String = "") {
        self.label = label
        self.name = name
        self.arguments = arguments
    }
}

/// How a call ended.
package enum MCPOutcome: Equatable, Sendable {
    case output(String)
    case failed(MCPError)
}

/// Why a server's tools could not be listed, or a call has failed: an object on the wire, never a string (RT-179).
package enum MCPError: Error, Equatable, Sendable {
    /// JSON-RPC's code and words.
    case `protocol`(code: Int, message: String)
    /// The tool says so, or the call was not allowed or not made.
    case execution(message: String)
    /// The server's status; 0 where there was no answer.
    case http(code: Int, message: String)

    package var message: String {
        switch self {
        case .protocol(_, let message), .execution(let message), .http(_, let message): message
        }
    }
}

/// `mcp_approval_request`: a call that waits for somebody's word.
package struct MCPApprovalRequest: Equatable, Sendable {
    package var label: String
    package var name: String
    package var arguments: String

    package init(label: String, name: String, arguments: String) {
        self.label = label
        self.name = name
        self.arguments = arguments
    }
}

/// `mcp_approval_response`: the word, from a client.
package struct MCPApprovalResponse: Equatable, Sendable {
    package var request: ItemID
    package var approves: Bool
    package var reason: String?

    package init(request: ItemID, approves: Bool, reason: String? = nil) {
        self.request = request
        self.approves = approves
        self.reason = reason
    }
}
