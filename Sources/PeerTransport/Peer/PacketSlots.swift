/// Storage for the packets of one round of outputs: allocated once, handed out in turn, reused when drained.
///
/// Of a machine, or of all machines of a media loop, which are drained one after the other.
final class PacketSlots {
    /// An MTU's worth, with room for SRTP's overhead.
    static let slotBytes = 2048
    /// The most one input brings: a flight of handshake datagrams, a frame, a report and the goodbyes.
    private static let slots = 16

    private let storage: UnsafeMutableRawBufferPointer
    private var used = 0

    init() { storage = .allocate(byteCount: Self.slotBytes * Self.slots, alignment: 16) }

    deinit { storage.deallocate() }

    /// The next free slot; nil when all are waiting to be sent.
    func take() -> UnsafeMutableRawBufferPointer? {
        guard used < Self.slots else { return nil }
        defer { used += 1 }
        return UnsafeMutableRawBufferPointer(
            rebasing: storage[(used * Self.slotBytes)..<((used + 1) * Self.slotBytes)])
    }

    /// Everything handed out has been sent.
    func reset() { used = 0 }
}
