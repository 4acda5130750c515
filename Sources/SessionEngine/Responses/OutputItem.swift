import RealtimeProtocol

/// One item a response makes: a message of one part, or a call.
struct OutputItem: Equatable, Sendable {
    enum Body: Equatable, Sendable {
        case text(String)
        case speech(SpokenPart)
        case call(FunctionCall)
        /// Of an MCP server's tool.
        case remote(MCPCall, Toolbox.Remote)
    }

    /// How far it is.
    enum Stage: Equatable, Sendable {
        /// The model may add to it.
        case open
        /// The model has ended it; the voice may still be speaking.
        case ending(Item.Status)
        case closed(Item.Status)
    }

    let address: ItemAddress
    var body: Body
    var stage = Stage.open
    var speakable = SpeakableText()
    var splitter = ClauseSplitter()

    init(address: ItemAddress, body: Body) {
        self.address = address
        self.body = body
    }

    var id: ItemID { address.item }
    var part: PartAddress { PartAddress(item: address, contentIndex: 0) }

    var isCall: Bool {
        switch body {
        case .text, .speech: false
        case .call, .remote: true
        }
    }

    var status: Item.Status {
        if case .closed(let status) = stage { status } else { .inProgress }
    }

    /// As it counts: cut where it was cut.
    var item: Item { item(speech: \.transcript) }

    /// As clients were told: the sum of the deltas.
    var toldItem: Item { item(speech: \.toldTranscript) }

    /// As it begins: without content or arguments.
    var emptyItem: Item {
        switch body {
        case .text, .speech:
            Item(id: id, status: .inProgress, body: .message(Message(role: .assistant, content: [])))
        case .call(let call):
            Item(
                id: id, status: .inProgress,
                body: .functionCall(FunctionCall(callID: call.callID, name: call.name, arguments: "")))
        case .remote(let call, _):
            Item(id: id, status: .inProgress, body: .mcp(.call(MCPCall(label: call.label, name: call.name))))
        }
    }

    private func item(speech transcript: (SpokenPart) -> String) -> Item {
        switch body {
        case .text(let text):
            Item(id: id, status: status, body: .message(Message(role: .assistant, content: [.outputText(text)])))
        case .speech(let part):
            Item(
                id: id, status: status,
                body: .message(
                    Message(role: .assistant, content: [.outputAudio(transcript: transcript(part), audio: nil)])))
        case .call(let call):
            Item(id: id, status: status, body: .functionCall(call))
        case .remote(let call, _):
            Item(id: id, status: status, body: .mcp(.call(call)))
        }
    }
}
