import RealtimeProtocol

/// The transports of a session, and whether it waits for one that was lost.
package struct TransportTable: Sendable {
    /// With sidebands; more are turned away.
    static let maxTransports = 16

    /// The place of a client that was lost and may come back.
    struct Hold: Equatable, Sendable {
        /// How it was there.
        let kind: TransportKind
        let until: ContinuousClock.Instant
    }

    private var kinds: [TransportID: TransportKind] = [:]
    /// How long the session waits for those that may come back.
    private var graces: [TransportID: Duration] = [:]
    /// Those that took the place of one that was lost.
    private var returned: Set<TransportID> = []
    private(set) var hold: Hold?

    package init() {}

    /// Whether nobody is there, or will be.
    package var isEmpty: Bool { kinds.isEmpty && hold == nil }
    package var isFull: Bool { kinds.count >= Self.maxTransports }
    /// In the order they came.
    package var all: [TransportID] { kinds.keys.sorted { $0.rawValue < $1.rawValue } }
    /// Whether audio is played in real time by us, so that what was heard is known here; it stands still for one that was lost.
    package var hasPeer: Bool { hold?.kind == .peer || kinds.values.contains(.peer) }
    /// Whether somebody other than a sideband is there, or may come back.
    package var hasPrincipal: Bool { hold != nil || kinds.values.contains { $0 != .sideband } }
    /// Whether somebody is there who may come back.
    var isResumable: Bool { !graces.isEmpty }

    package func contains(_ id: TransportID) -> Bool { kinds[id] != nil }

    package mutating func attach(_ id: TransportID, _ kind: TransportKind, grace: Duration? = nil) {
        kinds[id] = kind
        graces[id] = grace
    }

    /// Puts a transport in the place that is held.
    mutating func resume(_ id: TransportID, _ kind: TransportKind, grace: Duration) {
        attach(id, kind, grace: grace)
        returned.insert(id)
        hold = nil
    }

    /// False when it was not there.
    package mutating func detach(_ id: TransportID) -> Bool {
        graces[id] = nil
        returned.remove(id)
        return kinds.removeValue(forKey: id) != nil
    }

    /// Keeps the place of the last client that the session is for; false when it is not that, left on purpose, or may not
    /// come back; one that never carried an event may if it took the place of another.
    mutating func hold(
        placeOf id: TransportID, _ departure: SessionInput.Departure, now: ContinuousClock.Instant
    ) -> Bool {
        guard departure == .lost || departure == .unopened && returned.contains(id) else { return false }
        guard let kind = kinds[id], let grace = graces[id] else { return false }
        guard !kinds.contains(where: { $0.key != id && $0.value != .sideband }) else { return false }
        _ = detach(id)
        hold = Hold(kind: kind, until: now + grace)
        return true
    }

    package mutating func removeAll() {
        kinds = [:]
        graces = [:]
        returned = []
        hold = nil
    }
}
