import RealtimeProtocol

/// Audio parts of items that the recogniser is at work on.
struct Transcriptions: Sendable {
    /// Parts beyond count as not intelligible at once.
    static let maxPending = 64

    /// One audio part.
    struct Part: Hashable, Sendable {
        let item: ItemID
        let contentIndex: Int
    }

    /// What clients hear of it.
    enum Telling: Equatable, Sendable {
        /// `transcription` is null, or the part is of no conversation item.
        case silent
        case told(anyDelta: Bool)
    }

    private var pending: [Part: Telling] = [:]

    var isFull: Bool { pending.count >= Self.maxPending }

    func isPending(_ item: ItemID) -> Bool { pending.keys.contains { $0.item == item } }

    mutating func begin(_ part: Part, _ telling: Telling) { pending[part] = telling }

    /// A piece of transcript came; whether clients are told.
    mutating func heardDelta(_ part: Part) -> Bool {
        guard case .told = pending[part] else { return false }
        pending[part] = .told(anyDelta: true)
        return true
    }

    /// It is over for this part; nil when it was not pending.
    mutating func end(_ part: Part) -> Telling? { pending.removeValue(forKey: part) }

    /// Its item is gone; whether there was work on it.
    mutating func drop(_ item: ItemID) -> Bool {
        let parts = pending.keys.filter { $0.item == item }
        for part in parts { pending[part] = nil }
        return !parts.isEmpty
    }

    /// Items with work on them, for the end of the session.
    var items: Set<ItemID> { Set(pending.keys.map(\.item)) }
}
