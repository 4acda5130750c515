/// The last packets that were sent, as they were protected, for a peer that asks for them once more (RFC 4585 §6.2.1).
///
/// Two thirds of a second of frames; what is older comes too late for anybody's player. A packet goes three times more at most, and
/// no sooner than a path of 10 ms could have asked again, so that requests cost the path no more than that.
final class KeptPackets {
    private static let capacity = 32
    /// What Opus needs for speech, repeated twice; larger ones are not kept.
    private static let slotBytes = 384
    private static let maxSent = 3
    private static let shortestPause = Duration.milliseconds(10)

    private struct Slot {
        var sequence: UInt16
        var length: Int
        var sent = 0
        var lastSent: ContinuousClock.Instant?
    }

    private let storage: UnsafeMutableRawBufferPointer
    private var slots: [Slot?]

    init() {
        storage = .allocate(byteCount: Self.capacity * Self.slotBytes, alignment: 16)
        slots = Array(repeating: nil, count: Self.capacity)
    }

    deinit { storage.deallocate() }

    func keep(_ packet: UnsafeRawBufferPointer, sequence: UInt16) {
        let index = Int(sequence) % Self.capacity
        guard packet.count <= Self.slotBytes else {
            slots[index] = nil
            return
        }
        bytes(of: index).copyMemory(from: packet)
        slots[index] = Slot(sequence: sequence, length: packet.count)
    }

    /// Nil when it is not kept any more, or may not go again at `now`.
    func packet(_ sequence: UInt16, now: ContinuousClock.Instant) -> UnsafeRawBufferPointer? {
        let index = Int(sequence) % Self.capacity
        guard let slot = slots[index], slot.sequence == sequence, slot.sent < Self.maxSent else { return nil }
        if let last = slot.lastSent, now - last < Self.shortestPause { return nil }
        slots[index]?.sent += 1
        slots[index]?.lastSent = now
        return UnsafeRawBufferPointer(rebasing: bytes(of: index)[..<slot.length])
    }

    private func bytes(of index: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: storage[(index * Self.slotBytes)..<((index + 1) * Self.slotBytes)])
    }
}
