extension NewItem {
    /// Kinds of item only the server makes.
    private static let serverTypes: Set = ["mcp_approval_request", "mcp_call", "mcp_list_tools"]

    /// `conversation.item.create.item`, or one of `response.create.response.input`. `status` and `object` of a client
    /// have no effect.
    init(_ fields: JSONFields) throws(ProtocolError) {
        let type = try fields.requiredString("type")
        id = try fields.identifier("id").map(ItemID.init)
        switch type {
        case "message": body = .message(try Message(fields))
        case "function_call":
            body = .functionCall(
                FunctionCall(
                    callID: try fields.requiredCallID("call_id"), name: try fields.requiredString("name"),
                    arguments: try fields.requiredString("arguments")))
        case "function_call_output":
            body = .functionCallOutput(
                FunctionCallOutput(
                    callID: try fields.requiredCallID("call_id"), output: try fields.requiredString("output")))
        case "mcp_approval_response": body = .mcp(.approvalResponse(try MCPApprovalResponse(fields)))
        default:
            guard !Self.serverTypes.contains(type) else {
                throw .invalid(fields.path(of: "type"), "only the server makes items of this type")
            }
            throw .unknownWord(
                fields.path(of: "type"), type,
                known: ["message", "function_call", "function_call_output", "mcp_approval_response"])
        }
    }
}

extension Message {
    fileprivate init(_ fields: JSONFields) throws(ProtocolError) {
        guard let role = try fields.choice("role", Role.self) else { throw .missing(fields.path(of: "role")) }
        guard let elements = try fields.elements("content") else { throw .missing(fields.path(of: "content")) }
        var content: [ContentPart] = []
        for element in elements {
            content.append(try ContentPart(try JSONFields(element.value, path: element.path), role: role))
        }
        self.init(role: role, content: content)
    }
}
