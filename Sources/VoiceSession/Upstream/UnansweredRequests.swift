import RealtimeProtocol

/// What a client asked of the upstream and the upstream has not taken up yet: if the connection ends, it is asked again. Pure.
struct UnansweredRequests: Equatable, Sendable {
    /// More are not asked again.
    static let limit = 64
    /// What is older was taken up or refused without a word that could be told to be about it.
    static let maxAge = Duration.seconds(30)

    enum Kind: Equatable, Sendable {
        case update
        case item
        case commit
        case response
    }

    struct Request: Equatable, Sendable {
        let kind: Kind
        let event: RelayedEvent
        let sentAt: ContinuousClock.Instant
    }

    private(set) var requests: [Request] = []

    /// Nil for an event that is not kept.
    static func kind(of event: RelayedEvent) -> Kind? {
        switch event.type {
        case "session.update": .update
        case "conversation.item.create": .item
        case "input_audio_buffer.commit": .commit
        case "response.create": .response
        default: nil
        }
    }

    mutating func add(_ event: RelayedEvent, now: ContinuousClock.Instant) {
        guard let kind = Self.kind(of: event) else { return }
        if requests.count == Self.limit { requests.removeFirst() }
        requests.append(Request(kind: kind, event: event, sentAt: now))
    }

    /// The first of its kind was taken up.
    @discardableResult
    mutating func answered(_ kind: Kind) -> RelayedEvent? {
        guard let index = requests.firstIndex(where: { $0.kind == kind }) else { return nil }
        return requests.remove(at: index).event
    }

    /// The request that made this item was taken up; nil when the item was not asked for.
    mutating func answered(item: JSONObject) -> RelayedEvent? {
        guard let index = requests.firstIndex(where: { $0.kind == .item && $0.event.makes(item) }) else { return nil }
        return requests.remove(at: index).event
    }

    /// The upstream does not follow the event of this name.
    mutating func refused(eventID: String) { requests.removeAll { $0.event.eventID == eventID } }

    /// Those that are worth asking again.
    mutating func takeAll(now: ContinuousClock.Instant) -> [RelayedEvent] {
        defer { requests = [] }
        return requests.filter { $0.sentAt.duration(to: now) < Self.maxAge }.map(\.event)
    }
}

extension RelayedEvent {
    /// Whether this `conversation.item.create` may be what made an item.
    fileprivate func makes(_ item: JSONObject) -> Bool {
        guard let asked = object("item") else { return false }
        if let id = asked["id"]?.string { return item["id"]?.string == id }
        return ["type", "role", "call_id"].allSatisfy { asked[$0]?.string == item[$0]?.string }
    }
}
