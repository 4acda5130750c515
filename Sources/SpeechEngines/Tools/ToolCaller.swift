package import RealtimeProtocol
package import SessionEngine

/// Lists and calls the tools of MCP servers for one session; keeps its connections until `close`.
package protocol ToolCaller: Sendable {
    func tools(of server: MCPServer) async throws(MCPError) -> [MCPListedTool]
    /// - Parameter arguments: JSON text of an object.
    func call(_ name: String, arguments: String, on server: MCPServer) async -> MCPOutcome
    /// Nothing more will be asked.
    func close() async
}

/// No server at all: for sessions that may use none.
package struct NoToolCaller: ToolCaller {
    package init() {}

    package func tools(of server: MCPServer) async throws(MCPError) -> [MCPListedTool] {
        throw .execution(message: "This gateway has no MCP servers.")
    }

    package func call(_ name: String, arguments: String, on server: MCPServer) async -> MCPOutcome {
        .failed(.execution(message: "This gateway has no MCP servers."))
    }

    package func close() async {}
}
