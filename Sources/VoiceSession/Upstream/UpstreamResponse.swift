import RealtimeProtocol

/// A response of the upstream that is not done. Pure.
struct UpstreamResponse: Equatable, Sendable {
    struct OpenItem: Equatable, Sendable {
        let id: String
        let outputIndex: Int
    }

    /// More at once would be none of a Realtime service's.
    static let maxOpenItems = 128

    let id: String
    /// Of `response.created`.
    let object: JSONObject
    /// What the client asked; nil where the end of a turn began it.
    let request: RelayedEvent?
    private(set) var openItems: [OpenItem] = []
    /// What more is heard of it does not count: the user spoke, or cleared it.
    var isSilenced = false

    init(id: String, _ object: JSONObject, request: RelayedEvent?) {
        self.id = id
        self.object = object
        self.request = request
    }

    /// Beside the conversation. The request says it: not every service tells `conversation_id` from null.
    var isOutOfBand: Bool { request?.object("response")?["conversation"] == .string("none") }

    mutating func added(_ item: String, _ outputIndex: Int) {
        guard openItems.count < Self.maxOpenItems else { return }
        openItems.append(OpenItem(id: item, outputIndex: outputIndex))
    }

    mutating func done(_ item: String) { openItems.removeAll { $0.id == item } }

    /// The response object of a `response.done` in the upstream's place.
    func failed(_ items: [JSONObject], code: String, _ message: String) -> JSONObject {
        var failed = object
        failed["status"] = .string("failed")
        failed["status_details"] = .object(
            JSONObject([
                ("type", .string("failed")),
                (
                    "error",
                    .object(
                        JSONObject([
                            ("type", .string("server_error")), ("code", .string(code)), ("message", .string(message)),
                        ]))
                ),
            ]))
        failed["output"] = .array(items.map { .object($0) })
        return failed
    }
}
