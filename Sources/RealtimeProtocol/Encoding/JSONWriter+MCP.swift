/// Tools and items of MCP servers.
extension JSONWriter {
    /// Lengths of `obfuscation` and delta together are whole multiples of this, so that they say little of the delta.
    private static let paddedBytes = 16

    /// - Parameter withCredentials: only where no client reads it: inside a client secret.
    mutating func tool(_ tool: MCPTool, withCredentials: Bool) {
        object {
            $0.member("type", "mcp")
            $0.member("server_label", tool.label)
            $0.member("server_url", ifAny: tool.url)
            $0.member("server_description", ifAny: tool.description)
            if let filter = tool.allowedTools { $0.object("allowed_tools") { $0.members(of: filter) } }
            if let approval = tool.approval { $0.approval(approval) }
            guard withCredentials else { return }
            $0.member("authorization", ifAny: tool.authorization?.text)
            guard !tool.headers.isEmpty else { return }
            let headers = tool.headers.map { (name: $0.name, value: JSONValue.string($0.value.text)) }
            $0.member("headers", .object(JSONObject(headers)))
        }
    }

    private mutating func members(of filter: MCPToolFilter) {
        member("tool_names", ifAny: filter.names)
        member("read_only", ifAny: filter.isReadOnly)
    }

    private mutating func approval(_ approval: MCPApproval) {
        switch approval {
        case .always: member("require_approval", "always")
        case .never: member("require_approval", "never")
        case .filtered(let always, let never):
            object("require_approval") {
                if let always { $0.object("always") { $0.members(of: always) } }
                if let never { $0.object("never") { $0.members(of: never) } }
            }
        }
    }

    mutating func members(of item: MCPItem) {
        switch item {
        case .listTools(let list):
            member("type", "mcp_list_tools")
            member("server_label", list.label)
            array("tools", list.tools) { $0.listed($1) }
        case .call(let call):
            member("type", "mcp_call")
            member("server_label", call.label)
            member("name", call.name)
            member("arguments", call.arguments)
            member("approval_request_id", ifAny: call.approvalRequest?.rawValue)
            switch call.outcome {
            case .output(let output)?: member("output", output)
            case .failed(let error)?: object("error") { $0.members(of: error) }
            case nil: break
            }
        case .approvalRequest(let request):
            member("type", "mcp_approval_request")
            member("server_label", request.label)
            member("name", request.name)
            member("arguments", request.arguments)
        case .approvalResponse(let response):
            member("type", "mcp_approval_response")
            member("approval_request_id", response.request.rawValue)
            member("approve", response.approves)
            member("reason", ifAny: response.reason)
        }
    }

    private mutating func listed(_ tool: MCPListedTool) {
        object {
            $0.member("name", tool.name)
            $0.member("description", tool.description)
            $0.member("input_schema", tool.inputSchema)
            if let annotations = tool.annotations { $0.member("annotations", annotations) }
        }
    }

    mutating func members(of error: MCPError) {
        switch error {
        case .protocol(let code, let message):
            member("type", "protocol_error")
            member("code", code)
            member("message", message)
        case .execution(let message):
            member("type", "tool_execution_error")
            member("message", message)
        case .http(let code, let message):
            member("type", "http_error")
            member("code", code)
            member("message", message)
        }
    }

    /// Strict clients want a string beside the delta (RT-151).
    mutating func obfuscation(of delta: String) {
        member("obfuscation", String(repeating: "0", count: Self.paddedBytes - delta.utf8.count % Self.paddedBytes))
    }
}
