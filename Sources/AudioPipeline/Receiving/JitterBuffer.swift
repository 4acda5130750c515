/// Puts RTP packets back into sequence order, with a fixed patience of two frames.
///
///     in order                released at once: a clean network is not delayed
///     one missing             the packets after it are held: up to two, or until 40 ms after the first of them came
///     still missing           given as `.lost`, and what was held follows
///     further than 1000 away  a new run: what was held is dropped, nothing is called lost
///
/// One insert, then poll until nil, then the next. Sequence numbers and timestamps are unwrapped by the owner. The slots
/// are allocated once; no packet allocates.
package struct JitterBuffer: ~Copyable {
    private struct Slot {
        var sequence: Int64
        var timestamp: Int64
        var arrival: ContinuousClock.Instant
        var length: Int
    }

    private let configuration: JitterBufferConfiguration
    private let storage: UnsafeMutableRawBufferPointer
    private var slots: [Slot?]
    private var held = 0
    /// The sequence number to release next; nil before the first packet.
    private var expected: Int64?
    /// Bit n: the packet n + 1 before the expected one was released.
    private var released: UInt64 = 0

    package init(_ configuration: JitterBufferConfiguration = JitterBufferConfiguration()) {
        self.configuration = configuration
        storage = .allocate(byteCount: configuration.slots * configuration.payloadLimitBytes, alignment: 16)
        slots = Array(repeating: nil, count: configuration.slots)
    }

    deinit {
        storage.deallocate()
    }

    /// Takes one packet: `sequence` and `timestamp` (RTP clock ticks) unwrapped, `now` its arrival.
    package mutating func insert(
        sequence: Int64, timestamp: Int64, payload: UnsafeRawBufferPointer, now: ContinuousClock.Instant
    ) -> JitterBufferVerdict {
        guard payload.count <= configuration.payloadLimitBytes else { return .oversized }
        var verdict = JitterBufferVerdict.accepted
        if let expected {
            let ahead = sequence &- expected
            if ahead.magnitude > configuration.restartDistance.magnitude {
                reset()
                verdict = .restarted
            } else if ahead < 0 {
                return wasReleased(-ahead) ? .duplicate : .late
            }
        }
        guard index(of: sequence) == nil else { return .duplicate }
        guard let free = slots.firstIndex(where: { $0 == nil }) else { return .full }
        slots[free] = Slot(sequence: sequence, timestamp: timestamp, arrival: now, length: payload.count)
        bytes(of: free).copyMemory(from: payload)
        held += 1
        if expected == nil { expected = sequence }
        return verdict
    }

    /// The next packet or loss; nil when nothing is due at `now`.
    package mutating func poll(now: ContinuousClock.Instant) -> JitterBufferOutput? {
        guard held > 0, let expected else { return nil }
        if let next = index(of: expected), let slot = slots[next] {
            return release(slot, at: next)
        }
        guard let first = earliest(from: expected), let deadline = nextDeadline else { return nil }
        guard held > configuration.heldPackets || now >= deadline else { return nil }
        let packets = first.sequence &- expected
        released = packets < 64 ? released << UInt64(packets) : 0
        self.expected = first.sequence
        return .lost(packets: Int(packets), untilTimestamp: first.timestamp)
    }

    /// When a missing packet is given up, if nothing comes before; nil while nothing is held. Meant after a drain.
    package var nextDeadline: ContinuousClock.Instant? {
        var first: ContinuousClock.Instant?
        for case let slot? in slots where first.map({ slot.arrival < $0 }) ?? true {
            first = slot.arrival
        }
        return first?.advanced(by: configuration.hold)
    }

    /// Forgets every packet and the expected sequence number, for a new source.
    package mutating func reset() {
        for index in slots.indices {
            slots[index] = nil
        }
        held = 0
        expected = nil
        released = 0
    }

    private mutating func release(_ slot: Slot, at index: Int) -> JitterBufferOutput {
        slots[index] = nil
        held -= 1
        expected = slot.sequence &+ 1
        released = released << 1 | 1
        let payload = UnsafeRawBufferPointer(rebasing: bytes(of: index)[..<slot.length])
        return .packet(timestamp: slot.timestamp, payload: payload)
    }

    private func wasReleased(_ back: Int64) -> Bool {
        back <= 64 && released & (1 << UInt64(back - 1)) != 0
    }

    private func index(of sequence: Int64) -> Int? {
        slots.firstIndex { $0?.sequence == sequence }
    }

    private func earliest(from expected: Int64) -> Slot? {
        var first: Slot?
        var least = Int64.max
        for case let slot? in slots where slot.sequence &- expected < least {
            first = slot
            least = slot.sequence &- expected
        }
        return first
    }

    private func bytes(of index: Int) -> UnsafeMutableRawBufferPointer {
        let begin = index * configuration.payloadLimitBytes
        return UnsafeMutableRawBufferPointer(rebasing: storage[begin..<begin + configuration.payloadLimitBytes])
    }
}
