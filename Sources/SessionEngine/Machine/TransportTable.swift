/// The transports of a session.
struct TransportTable: Sendable {
    /// With sidebands; more are turned away.
    static let maxTransports = 16

    private var kinds: [TransportID: TransportKind] = [:]

    var isEmpty: Bool { kinds.isEmpty }
    var isFull: Bool { kinds.count >= Self.maxTransports }
    /// In the order they came.
    var all: [TransportID] { kinds.keys.sorted { $0.rawValue < $1.rawValue } }
    /// Whether audio is played in real time by us, so that what was heard is known here.
    var hasPeer: Bool { kinds.values.contains(.peer) }
    /// Whether somebody other than a sideband is there.
    var hasPrincipal: Bool { kinds.values.contains { $0 != .sideband } }

    func contains(_ id: TransportID) -> Bool { kinds[id] != nil }

    mutating func attach(_ id: TransportID, _ kind: TransportKind) { kinds[id] = kind }

    /// False when it was not there.
    mutating func detach(_ id: TransportID) -> Bool { kinds.removeValue(forKey: id) != nil }

    mutating func removeAll() { kinds = [:] }
}
