/// One item of a conversation.
package struct Item: Equatable, Sendable {
    /// How far the item is; `status` of the wire.
    package enum Status: String, Sendable {
        case inProgress = "in_progress"
        case completed
        case incomplete
    }

    package enum Body: Equatable, Sendable {
        case message(Message)
        case functionCall(FunctionCall)
        case functionCallOutput(FunctionCallOutput)
        case mcp(MCPItem)
    }

    package var id: ItemID
    package var status: Status
    package var body: Body

    package init(id: ItemID, status: Status = .completed, body: Body) {
        self.id = id
        self.status = status
        self.body = body
    }
}

extension Item {
    /// Whether it is about an MCP server, of which the beta dialect knows nothing.
    var isMCP: Bool { if case .mcp = body { true } else { false } }
}

/// A message of one role.
package struct Message: Equatable, Sendable {
    package enum Role: String, CaseIterable, Sendable {
        case system, user, assistant
    }

    package var role: Role
    package var content: [ContentPart]

    package init(role: Role, content: [ContentPart]) {
        self.role = role
        self.content = content
    }
}

/// One part of a message.
package enum ContentPart: Equatable, Sendable {
    case inputText(String)
    /// `audio` holds bytes in the session's input format only on its way in (`conversation.item.create`) and in a
    /// retrieved item; nil elsewhere.
    case inputAudio(transcript: String?, audio: [UInt8]?)
    /// A data URI and its `detail`; nil only in an event whose client takes no message of that length.
    case inputImage(url: String?, detail: String?)
    case outputText(String)
    /// `audio` as for `inputAudio`, in the output format.
    case outputAudio(transcript: String?, audio: [UInt8]?)
}

/// A call of a function by the model.
package struct FunctionCall: Equatable, Sendable {
    package var callID: FunctionCallID
    package var name: String
    /// JSON text as the model wrote it.
    package var arguments: String

    package init(callID: FunctionCallID, name: String, arguments: String) {
        self.callID = callID
        self.name = name
        self.arguments = arguments
    }
}

/// What a function gave back.
package struct FunctionCallOutput: Equatable, Sendable {
    package var callID: FunctionCallID
    package var output: String

    package init(callID: FunctionCallID, output: String) {
        self.callID = callID
        self.output = output
    }
}

/// An item as a client describes it: without an id it gets one.
package struct NewItem: Equatable, Sendable {
    package var id: ItemID?
    package var body: Item.Body

    package init(id: ItemID? = nil, body: Item.Body) {
        self.id = id
        self.body = body
    }
}
