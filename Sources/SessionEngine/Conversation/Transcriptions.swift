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
        /// The deltas so far, as one text.
        case told(String)
    }

    private var pending: [Part: Telling] = [:]
    /// When each was asked for.
    private var begun: [Part: ContinuousClock.Instant] = [:]

    var isFull: Bool { pending.count >= Self.maxPending }

    func isPending(_ item: ItemID) -> Bool { pending.keys.contains { $0.item == item } }

    mutating func begin(_ part: Part, _ telling: Telling, now: ContinuousClock.Instant) {
        pending[part] = telling
        begun[part] = now
    }

    /// When the one asked for first was; nil when none is pending.
    var oldest: ContinuousClock.Instant? { begun.isEmpty ? nil : begun.values.min() }

    /// Those asked for at or before a time, in order.
    func begun(by time: ContinuousClock.Instant) -> [Part] {
        begun.filter { $0.value <= time }.map(\.key).sorted {
            ($0.item.rawValue, $0.contentIndex) < ($1.item.rawValue, $1.contentIndex)
        }
    }

    /// A piece of transcript came; whether clients are told.
    mutating func heardDelta(_ part: Part, _ text: String) -> Bool {
        guard case .told(let told) = pending[part] else { return false }
        pending[part] = .told(told + text)
        return true
    }

    /// It is over for this part; nil when it was not pending.
    mutating func end(_ part: Part) -> Telling? {
        begun[part] = nil
        return pending.removeValue(forKey: part)
    }

    /// Its item is gone; whether there was work on it.
    mutating func drop(_ item: ItemID) -> Bool {
        let parts = pending.keys.filter { $0.item == item }
        for part in parts { _ = end(part) }
        return !parts.isEmpty
    }

    /// Items with work on them, for the end of the session.
    var items: Set<ItemID> { Set(pending.keys.map(\.item)) }
}
