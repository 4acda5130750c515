import RealtimeProtocol

/// The items of the default conversation, in order.
struct Conversation: Sendable {
    /// More are refused; a session that replays a long history stays far below.
    static let maxItems = 16_384
    /// UTF-8 bytes of text, images and arguments of all items; an item beyond is refused.
    static let maxContentBytes = 64 << 20

    /// One item and what the wire does not show of it.
    struct Entry: Equatable, Sendable {
        var item: Item
        /// What was heard of audio parts, by index; a part that is not here is pending or was not intelligible.
        var heard: [Int: String] = [:]
        /// Length of audio parts in ms, by index.
        var audioMs: [Int: Int] = [:]
        /// Of items a response made.
        var output: OutputItem?
        /// Cut off by the truncation of the context; the item stays, no request shows it again.
        var isOutsideWindow = false
        /// Of a call of a server's tool: the item after which its result came; nil: the call itself.
        var resultPlace: ItemID?

        init(_ item: Item) { self.item = item }

        init(_ output: OutputItem) {
            item = output.item
            self.output = output
        }
    }

    /// Why an item was not taken.
    enum Refusal: Error, Equatable {
        case duplicate
        case unknownPrevious(ItemID)
        case full
    }

    private(set) var order: [ItemID] = []
    private var entries: [ItemID: Entry] = [:]
    private var contentBytes = 0

    subscript(id: ItemID) -> Entry? { entries[id] }

    /// The item before this one now; nil for the first.
    func previous(of id: ItemID) -> ItemID? {
        guard let index = order.lastIndex(of: id), index > 0 else { return nil }
        return order[index - 1]
    }

    /// Puts an item in its place.
    mutating func insert(_ entry: Entry, _ placement: ClientEvent.Placement = .end) throws(Refusal) {
        guard entries[entry.item.id] == nil else { throw .duplicate }
        guard order.count < Self.maxItems, contentBytes + entry.item.contentBytes <= Self.maxContentBytes else {
            throw .full
        }
        switch placement {
        case .end: order.append(entry.item.id)
        case .beginning: order.insert(entry.item.id, at: 0)
        case .after(let previous):
            guard let index = order.lastIndex(of: previous) else { throw .unknownPrevious(previous) }
            order.insert(entry.item.id, at: index + 1)
        }
        contentBytes += entry.item.contentBytes
        entries[entry.item.id] = entry
    }

    /// Takes an item out; false when there is none.
    mutating func remove(_ id: ItemID) -> Entry? {
        guard let entry = entries.removeValue(forKey: id) else { return nil }
        order.removeAll { $0 == id }
        contentBytes -= entry.item.contentBytes
        return entry
    }

    /// Changes an item that is still here.
    mutating func update(_ id: ItemID, _ change: (inout Entry) -> Void) {
        guard var entry = entries[id] else { return }
        contentBytes -= entry.item.contentBytes
        change(&entry)
        contentBytes += entry.item.contentBytes
        entries[id] = entry
    }

    /// What a response has made of an item so far.
    mutating func record(_ output: OutputItem) {
        update(output.id) {
            $0.item = output.item
            $0.output = output
        }
    }

    /// Whether some call of this id is here for an output to refer to.
    func hasCall(_ id: FunctionCallID) -> Bool {
        order.reversed().contains { item in
            if case .functionCall(let call)? = entries[item]?.item.body { call.callID == id } else { false }
        }
    }
}

extension Item {
    /// UTF-8 bytes of what the item says.
    var contentBytes: Int {
        switch body {
        case .message(let message): message.content.reduce(0) { $0 + $1.textBytes }
        case .functionCall(let call): call.name.utf8.count + call.arguments.utf8.count
        case .functionCallOutput(let output): output.output.utf8.count
        case .mcp(let item): item.contentBytes
        }
    }

    /// Without audio bytes, as every event but `conversation.item.retrieved` shows it.
    var withoutAudio: Item {
        guard case .message(var message) = body else { return self }
        message.content = message.content.map(\.withoutAudio)
        return Item(id: id, status: status, body: .message(message))
    }
}

extension MCPItem {
    fileprivate var contentBytes: Int {
        switch self {
        case .listTools(let list): list.tools.reduce(0) { $0 + $1.name.utf8.count + $1.description.utf8.count }
        case .call(let call):
            call.name.utf8.count + call.arguments.utf8.count
                + {
                    switch call.outcome {
                    case .output(let output)?: output.utf8.count
                    case .failed(let error)?: error.message.utf8.count
                    case nil: 0
                    }
                }()
        case .approvalRequest(let request): request.name.utf8.count + request.arguments.utf8.count
        case .approvalResponse(let response): response.reason?.utf8.count ?? 0
        }
    }
}

extension ContentPart {
    fileprivate var textBytes: Int {
        switch self {
        case .inputText(let text), .outputText(let text): text.utf8.count
        case .inputAudio(let transcript, _), .outputAudio(let transcript, _): transcript?.utf8.count ?? 0
        case .inputImage(let url, _): url?.utf8.count ?? 0
        }
    }

    fileprivate var withoutAudio: ContentPart {
        switch self {
        case .inputAudio(let transcript, _): .inputAudio(transcript: transcript, audio: nil)
        case .outputAudio(let transcript, _): .outputAudio(transcript: transcript, audio: nil)
        default: self
        }
    }
}
