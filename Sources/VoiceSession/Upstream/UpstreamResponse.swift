import RealtimeProtocol
import SessionEngine

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
    /// Of what has come so far, until the upstream says its own.
    var meter: ResponseMeter
    /// Of audio that has come, at 24 kHz.
    var samples = 0
    /// Why we ended it; nil for all that end by themselves.
    var refusal: EngineFailure?
    /// What more is heard of it does not count: the user spoke, or cleared it.
    var isSilenced = false

    /// - Parameter input: what it probably reads.
    init(id: String, _ object: JSONObject, request: RelayedEvent?, input: Usage.Details) {
        self.id = id
        meter = ResponseMeter(input: input)
        self.object = object
        self.request = request
    }

    /// Beside the conversation. The request says it: not every service tells `conversation_id` from null.
    var isOutOfBand: Bool { request?.object("response")?["conversation"] == .string("none") }

    var usage: Usage { meter.usage(samples: samples) }

    mutating func added(_ item: String, _ outputIndex: Int) {
        guard openItems.count < Self.maxOpenItems else { return }
        openItems.append(OpenItem(id: item, outputIndex: outputIndex))
    }

    mutating func done(_ item: String) { openItems.removeAll { $0.id == item } }

    /// The response object of a `response.done` in the upstream's place.
    func failed(_ items: [JSONObject], code: String, _ message: String) -> JSONObject {
        var failed = object
        failed.fail("server_error", code: code, message)
        failed["output"] = .array(items.map { .object($0) })
        return failed
    }

    /// What the upstream says of its end, and why that is so; as it is where it ended by itself.
    func explained(_ done: JSONObject) -> JSONObject {
        guard let refusal, done["status"]?.string == "cancelled" else { return done }
        var explained = done
        explained.fail("rate_limit_error", code: refusal.code, refusal.message)
        return explained
    }
}

extension JSONObject {
    fileprivate mutating func fail(_ type: String, code: String, _ message: String) {
        self["status"] = .string("failed")
        let error = JSONObject([
            ("type", .string(type)), ("code", .string(code)), ("message", .string(message)),
        ])
        self["status_details"] = .object(JSONObject([("type", .string("failed")), ("error", .object(error))]))
    }
}
