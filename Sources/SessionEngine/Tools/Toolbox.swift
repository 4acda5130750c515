import RealtimeProtocol

/// The tools of one request: functions of the client, and those of MCP servers as functions under names of their own.
struct Toolbox: Equatable, Sendable {
    /// A tool of a server behind a name that the model knows.
    struct Remote: Equatable, Sendable {
        let server: MCPServer
        let name: String
        let needsApproval: Bool
    }

    /// What servers of language models take as the name of a function.
    private static let maxNameLength = 64
    private static let maxTools = 128

    private(set) var tools: [Tool]
    private(set) var choice: ToolChoice
    private var remote: [String: Remote] = [:]

    init(_ functions: [Tool], _ choice: ToolChoice, _ servers: [(ResolvedServer, [MCPListedTool])]) {
        tools = functions
        self.choice = choice
        for (resolved, listed) in servers {
            for tool in listed where resolved.admits(tool) { add(tool, resolved) }
        }
        guard case .mcp(let label, let name) = choice else { return }
        choose(label, name)
    }

    subscript(name: String) -> Remote? { remote[name] }

    private mutating func add(_ tool: MCPListedTool, _ resolved: ResolvedServer) {
        guard tools.count < Self.maxTools, let name = freeName(tool.name, resolved.server.label) else { return }
        tools.append(
            Tool(
                name: name, description: tool.description.isEmpty ? nil : tool.description, parameters: tool.inputSchema
            ))
        remote[name] = Remote(
            server: resolved.server, name: tool.name, needsApproval: resolved.needsApproval(tool))
    }

    /// Its own name where nothing else has it, else with the server's label before it.
    private func freeName(_ name: String, _ label: String) -> String? {
        [name, "\(label)_\(name)"].map(Self.plain).first { name in !tools.contains { $0.name == name } }
    }

    /// Letters, digits, `-` and `_` alone.
    static func plain(_ name: String) -> String {
        let characters = name.unicodeScalars.prefix(maxNameLength).map { scalar in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain || scalar == "-" || scalar == "_" ? Character(scalar) : "_"
        }
        return characters.isEmpty ? "_" : String(characters)
    }

    /// A choice that models know: that function, or one of those of the server.
    private mutating func choose(_ label: String, _ name: String?) {
        let meant = remote.filter { $0.value.server.label == label && (name == nil || $0.value.name == name) }
        if meant.isEmpty {
            choice = .auto
        } else if name != nil, let only = meant.keys.sorted().first {
            choice = .function(name: only)
        } else {
            tools.removeAll { meant[$0.name] == nil }
            choice = .required
        }
    }
}
