extension JSONFields {
    /// Functions with different names; MCP tools are refused.
    func tools(_ name: String) throws(ProtocolError) -> [Tool]? {
        guard let elements = try elements(name) else { return nil }
        var tools: [Tool] = []
        var names: Set<String> = []
        for element in elements {
            let tool = try Self.tool(try JSONFields(element.value, path: element.path))
            guard names.insert(tool.name).inserted else {
                throw .invalid(
                    "\(element.path).name", "another tool has the name '\(ProtocolError.quoted(tool.name))' already")
            }
            tools.append(tool)
        }
        return tools
    }

    private static func tool(_ fields: JSONFields) throws(ProtocolError) -> Tool {
        let type = try fields.requiredString("type")
        guard type != "mcp" else { throw .noMCP(fields.path(of: "type")) }
        guard type == "function" else { throw .unknownWord(fields.path(of: "type"), type, known: ["function"]) }
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
            guard type != "mcp" else { throw .noMCP(fields.path(of: "type")) }
            guard type == "function" else { throw .unknownWord(fields.path(of: "type"), type, known: ["function"]) }
            return .function(name: try fields.requiredString("name"))
        default: throw .wrongType(path(of: name), "a string or an object", value)
        }
    }
}

extension ProtocolError {
    fileprivate static func noMCP(_ path: String) -> ProtocolError {
        .invalid(path, "this server does not support MCP tools yet, only functions")
    }
}
