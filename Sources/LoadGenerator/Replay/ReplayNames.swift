import RealtimeProtocol

/// What stands for the ids that a server gave, so that those of two sessions can be told to mean the same: the second answer, its
/// first message, the third item of the client.
struct ReplayNames: Sendable {
    /// Of items that a client, or its speech, brings into being. Others come when they are ready.
    private static let clientTypes: Set<String> = [
        "message", "function_call", "function_call_output", "mcp_approval_response",
    ]

    /// Items that have no counterpart.
    private let left: Set<String>
    private var responses: [String: Int] = [:]
    private var outputs: [String: Int] = [:]
    private var items = 0
    private var names: [String: String] = [:]
    private var ids: [String: String] = [:]

    init(without left: Set<String> = []) { self.left = left }

    func name(of id: String) -> String? { names[id] }
    func id(of name: String) -> String? { ids[name] }

    /// A server's event.
    mutating func note(_ event: JSONObject) {
        switch event.text("type") {
        case "response.created"?:
            guard let id = event.object("response")?.text("id"), responses[id] == nil else { return }
            responses[id] = responses.count + 1
            give(id, "answer \(responses.count)")
        case "response.output_item.added"?: output(event)
        case "conversation.item.added"?: item(event)
        default: break
        }
    }

    private mutating func output(_ event: JSONObject) {
        guard let item = event.object("item"), let id = item.text("id"), let type = item.text("type"),
            let response = event.text("response_id").flatMap({ responses[$0] })
        else { return }
        let kind = "\(type) of answer \(response)"
        outputs[kind, default: 0] += 1
        let name = "\(kind), \(outputs[kind] ?? 0)"
        give(id, name)
        if let call = item.text("call_id") { give(call, "call: \(name)") }
    }

    private mutating func item(_ event: JSONObject) {
        guard let item = event.object("item"), let id = item.text("id"), names[id] == nil, !left.contains(id),
            let type = item.text("type"), Self.clientTypes.contains(type)
        else { return }
        items += 1
        give(id, "item \(items)")
    }

    private mutating func give(_ id: String, _ name: String) {
        names[id] = name
        ids[name] = id
    }
}

extension JSONObject {
    func object(_ name: String) -> JSONObject? {
        if case .object(let object)? = self[name] { object } else { nil }
    }

    func objects(_ name: String) -> [JSONObject] {
        guard case .array(let values)? = self[name] else { return [] }
        return values.compactMap { if case .object(let object) = $0 { object } else { nil } }
    }
}
