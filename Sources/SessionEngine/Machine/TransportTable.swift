/// The transports of a session.
package struct TransportTable: Sendable {
    /// With sidebands; more are turned away.
    static let maxTransports = 16

    private var kinds: [TransportID: TransportKind] = [:]

    package init() {}

    package var isEmpty: Bool { kinds.isEmpty }
    package var isFull: Bool { kinds.count >= Self.maxTransports }
    /// In the order they came.
    package var all: [TransportID] { kinds.keys.sorted { $0.rawValue < $1.rawValue } }
    /// Whether audio is played in real time by us, so that what was heard is known here.
    package var hasPeer: Bool { kinds.values.contains(.peer) }
    /// Whether somebody other than a sideband is there.
    package var hasPrincipal: Bool { kinds.values.contains { $0 != .sideband } }

    package func contains(_ id: TransportID) -> Bool { kinds[id] != nil }

    package mutating func attach(_ id: TransportID, _ kind: TransportKind) { kinds[id] = kind }

    /// False when it was not there.
    package mutating func detach(_ id: TransportID) -> Bool { kinds.removeValue(forKey: id) != nil }

    package mutating func removeAll() { kinds = [:] }
}
