package import RealtimeProtocol
import SessionEngine

/// A conversation as the upstream's events tell it, so that another upstream session can be given it. Pure.
///
/// What was spoken is carried as text: the user's by its transcript, where the session asks for transcripts, the assistant's
/// as far as it was heard.
package struct CarriedConversation: Equatable, Sendable {
    /// The oldest items beyond these limits are forgotten.
    package static let maxItems = 1_000
    package static let maxBytes = 8 << 20

    /// Where an item goes.
    package enum Place: Equatable, Sendable {
        case beginning
        case end
        case after(String)
    }

    private(set) var items: [CarriedItem] = []
    /// Items that were forgotten.
    package private(set) var dropped = 0

    package init() {}

    package var count: Int { items.count }

    /// Takes an item as an event shows it: a new one at its place, a known one where it stands.
    package mutating func put(_ object: JSONObject, at place: Place) {
        guard let id = object["id"]?.string else { return }
        if let index = index(of: id) {
            items[index].update(object)
        } else if let item = CarriedItem(id: id, object) {
            items.insert(item, at: position(place))
        }
        forgetSurplus()
    }

    /// A later state of an item that is known; of one that is not (it belongs to no conversation) nothing is kept.
    package mutating func update(_ object: JSONObject) {
        if let id = object["id"]?.string { update(object, of: id) }
    }

    /// What a client gave for an item, which may be more than the upstream shows of it.
    mutating func update(_ object: JSONObject, of id: String) {
        guard let index = index(of: id) else { return }
        items[index].update(object)
    }

    package mutating func delete(_ id: String) { items.removeAll { $0.id == id } }

    /// The whole text of a part.
    package mutating func setText(_ id: String, _ contentIndex: Int, _ text: String) {
        change(id, contentIndex) { $0.text = text }
    }

    package mutating func addText(_ id: String, _ contentIndex: Int, _ delta: String) {
        change(id, contentIndex) { $0.text += delta }
        forgetSurplus()
    }

    /// Audio of a part that came, at 24 kHz.
    package mutating func addSound(_ id: String, _ contentIndex: Int, samples: Int) {
        change(id, contentIndex) { $0.samples += samples }
    }

    /// Only so much of a part was heard.
    package mutating func cut(_ id: String, _ contentIndex: Int, ms: Int) {
        change(id, contentIndex) { $0.heardMs = min(ms, $0.heardMs ?? .max) }
    }

    /// The events that make the same conversation in an empty one; what holds no text is left out, and so is a result
    /// whose call is not there.
    package var creations: [JSONObject] {
        var calls: Set<String> = []
        return items.compactMap { item in
            switch item.body {
            case .message, .passed: break
            case .call(let call, let isDone):
                guard isDone else { return nil }
                if let id = call["call_id"]?.string { calls.insert(id) }
            case .result(let result):
                guard let id = result["call_id"]?.string, calls.contains(id) else { return nil }
            }
            return item.creation
        }
    }

    /// An item as it is now, for an event about it; nil for one that is not known.
    package func object(_ id: String, status: String) -> JSONObject? {
        index(of: id).map { items[$0].object(status: status) }
    }

    private func index(of id: String) -> Int? {
        // New items are at the end, and they are what is asked for.
        items.lastIndex { $0.id == id }
    }

    private func position(_ place: Place) -> Int {
        switch place {
        case .beginning: 0
        case .end: items.count
        case .after(let id): index(of: id).map { $0 + 1 } ?? items.count
        }
    }

    private mutating func change(_ id: String, _ contentIndex: Int, _ change: (inout CarriedItem.Part) -> Void) {
        guard let index = index(of: id) else { return }
        items[index].change(contentIndex, change)
    }

    private mutating func forgetSurplus() {
        var bytes = items.reduce(0) { $0 + $1.byteCount }
        while items.count > Self.maxItems || (bytes > Self.maxBytes && items.count > 1) {
            bytes -= items.removeFirst().byteCount
            dropped += 1
        }
    }
}
