import RealtimeProtocol
import SessionEngine

/// MCP servers that a client names: the service asks them, and they must be what the session may use here.
extension UpstreamMachine {
    private static let places = [("session.update", "session"), ("response.create", "response")]

    /// Refuses an event that names a server which is not allowed.
    mutating func checkTools(_ event: RelayedEvent) throws(ProtocolError) {
        for (type, name) in Self.places where event.type == type {
            let path = "\(name).tools"
            let tools = try Self.servers(event.object(name)?["tools"]?.array ?? [], path: path)
            guard !tools.isEmpty else { continue }
            try settings.toolServers.check(
                passedOn: tools, known: knownServers, namesAddresses: settings.namesAddresses, path: path)
            guard settings.namesAddresses else { continue }
            for tool in tools where tool.url != nil {
                knownServers.removeAll { $0.label == tool.label }
                if knownServers.count < Self.maxKnownServers { knownServers.append(tool) }
            }
        }
    }

    /// Settings of a session or a response that name no more tools of a server than the configuration leaves.
    func limited(_ settings: JSONObject) -> JSONObject {
        guard case .array(let tools)? = settings["tools"] else { return settings }
        var limited = settings
        limited["tools"] = .array(tools.map(limited(_:)))
        return limited
    }

    private func limited(_ tool: JSONValue) -> JSONValue {
        guard var object = tool.object, object["type"]?.string == "mcp",
            let server = try? MCPTool(JSONFields(tool, path: "tools")),
            let most = settings.toolServers.limit(of: server, known: knownServers)
        else { return tool }
        object["allowed_tools"] = most.json
        return .object(object)
    }

    private static func servers(_ tools: [JSONValue], path: String) throws(ProtocolError) -> [MCPTool] {
        var servers: [MCPTool] = []
        for (index, tool) in tools.enumerated() where tool.object?["type"]?.string == "mcp" {
            servers.append(try MCPTool(JSONFields(tool, path: "\(path)[\(index)]")))
        }
        return servers
    }
}

extension MCPToolFilter {
    fileprivate var json: JSONValue {
        let names = names.map { JSONValue.array($0.map { .string($0) }) }
        guard let isReadOnly else { return names ?? .null }
        var filter = JSONObject([("read_only", .bool(isReadOnly))])
        filter["tool_names"] = names
        return .object(filter)
    }
}
