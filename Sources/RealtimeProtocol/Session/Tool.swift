/// A function the model may call.
package struct Tool: Equatable, Sendable {
    package var name: String
    package var description: String?
    /// JSON Schema, kept as it came.
    package var parameters: JSONValue?

    package init(name: String, description: String? = nil, parameters: JSONValue? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// `tool_choice` (RT-071, RT-174, RT-175).
package enum ToolChoice: Equatable, Sendable {
    case auto
    case none
    case required
    case function(name: String)
    /// A tool of an MCP server; without a name any of its tools.
    case mcp(label: String, name: String?)
}
