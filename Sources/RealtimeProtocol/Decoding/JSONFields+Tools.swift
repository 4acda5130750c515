extension JSONFields {
    /// MCP servers of one session; each costs a connection and a list of tools.
    static let maxServers = 16

    /// Functions with different names, and MCP servers with different labels.
    func tools(_ name: String) throws(ProtocolError) -> (functions: [Tool], servers: [MCPTool])? {
        guard let elements = try elements(name) else { return nil }
        var tools: [Tool] = []
        var servers: [MCPTool] = []
        var names: Set<String> = []
        for element in elements {
            let fields = try JSONFields(element.value, path: element.path)
            if try fields.requiredString("type") == "mcp" {
                servers.append(try Self.server(fields, among: servers))
                continue
            }
            let tool = try Self.tool(fields)
            guard names.insert(tool.name).inserted else {
                throw .invalid(
                    "\(element.path).name", "another tool has the name '\(ProtocolError.quoted(tool.name))' already")
            }
            tools.append(tool)
        }
        return (tools, servers)
    }

    private static func server(_ fields: JSONFields, among others: [MCPTool]) throws(ProtocolError) -> MCPTool {
        let server = try MCPTool(fields)
        guard !others.contains(where: { $0.label == server.label }) else {
            throw .invalid(fields.path(of: "server_label"), "another server has the label '\(server.label)' already")
        }
        guard others.count < maxServers else { throw .invalid(fields.path, "at most \(maxServers) MCP servers") }
        return server
    }

    private static func tool(_ fields: JSONFields) throws(ProtocolError) -> Tool {
        let type = try fields.requiredString("type")
        guard type == "function" else {
            throw .unknownWord(fields.path(of: "type"), type, known: ["function", "mcp"])
        }
        let name = try fields.requiredString("name")
        guard !name.isEmpty else { throw .invalid(fields.path(of: "name"), "expected the name of the function") }
        return Tool(
            name: name, description: try fields.string("description"),
            parameters: try fields.fields("parameters").map { .object($0.object) })
    }

    func toolChoice(_ name: String) throws(ProtocolError) -> ToolChoice? {
        guard let value = value(name) else { return nil }
        switch value {
        case .string("auto"): return .auto
        case .string("none"): return ToolChoice.none
        case .string("required"): return .required
        case .string(let word): throw .unknownWord(path(of: name), word, known: ["auto", "none", "required"])
        case .object(let object):
            let fields = JSONFields(object, path: path(of: name))
            let type = try fields.requiredString("type")
            switch type {
            case "function": return .function(name: try fields.requiredString("name"))
            case "mcp": return .mcp(label: try fields.requiredString("server_label"), name: try fields.string("name"))
            default: throw .unknownWord(fields.path(of: "type"), type, known: ["function", "mcp"])
            }
        default: throw .wrongType(path(of: name), "a string or an object", value)
        }
    }
}
