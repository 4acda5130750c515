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

    private static func servers(_ tools: [JSONValue], path: String) throws(ProtocolError) -> [MCPTool] {
        var servers: [MCPTool] = []
        for (index, tool) in tools.enumerated() where tool.object?["type"]?.string == "mcp" {
            servers.append(try MCPTool(JSONFields(tool, path: "\(path)[\(index)]")))
        }
        return servers
    }
}
