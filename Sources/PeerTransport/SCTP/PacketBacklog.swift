/// How many packets of each association wait for the SCTP owner. Beyond a bound they are dropped, as a full network queue
/// drops them: SCTP repeats what was honest, and a flood takes neither memory nor the turns of other peers for long.
struct PacketBacklog {
    static let maxWaitingPackets = 512

    private var waiting: [AssociationID: Int] = [:]

    /// Takes one packet into account; false when too many wait already.
    mutating func admit(_ id: AssociationID) -> Bool {
        let count = waiting[id, default: 0]
        guard count < Self.maxWaitingPackets else { return false }
        waiting[id] = count + 1
        return true
    }

    /// One admitted packet was handled.
    mutating func handled(_ id: AssociationID) {
        guard let count = waiting[id] else { return }
        waiting[id] = count > 1 ? count - 1 : nil
    }

    /// Nothing waits for any association.
    var isEmpty: Bool { waiting.isEmpty }
}
