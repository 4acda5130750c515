/// Puts RTP packets back into sequence order, with as much patience as the network's own jitter calls for.
///
///     in order                released at once, however late: nothing here plays in real time
///     one missing             the packets after it are held until it comes, or until it would be later than nearly all
///                             packets of the last two seconds were
///     still missing           given as `.lost`, and what was held follows
///     redundancy for it       takes its place at once
///     asked for once more     waited for as long as answers take
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
        var isRestored: Bool
    }

    /// The longest frame there is, in RTP clock ticks of Opus: 120 ms.
    private static let longestStep: Int64 = 5_760

    private let configuration: JitterBufferConfiguration
    private let storage: UnsafeMutableRawBufferPointer
    private var slots: [Slot?]
    private var held = 0
    private var spread: ArrivalSpread
    /// How long after the packet that shows a gap an answer to requests for it may come.
    package var patience = Duration.zero
    /// The sequence number to release next; nil before the first packet.
    private var expected: Int64?
    /// The timestamp of the packet released last.
    private var lastTimestamp: Int64?
    /// Bit n: the packet n + 1 before the expected one was released.
    private var released: UInt64 = 0

    /// `ticksPerTimestamp`: media clock ticks (1/48000 s) per RTP timestamp unit.
    package init(
        _ configuration: JitterBufferConfiguration = JitterBufferConfiguration(), ticksPerTimestamp: Int64 = 1
    ) {
        self.configuration = configuration
        spread = ArrivalSpread(ticksPerTimestamp: ticksPerTimestamp)
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
                if wasReleased(-ahead) { return .duplicate }
                spread.add(timestamp: timestamp, arrival: now)
                return .late
            }
        }
        guard index(of: sequence) == nil else { return .duplicate }
        spread.add(timestamp: timestamp, arrival: now)
        guard store(sequence, timestamp, payload, now, isRestored: false) else { return .full }
        if expected == nil { expected = sequence }
        return verdict
    }

    /// Takes what another packet carries of an earlier one; true when that one is missing.
    package mutating func restore(
        sequence: Int64, timestamp: Int64, payload: UnsafeRawBufferPointer, now: ContinuousClock.Instant
    ) -> Bool {
        guard let expected, sequence >= expected, sequence &- expected <= configuration.restartDistance,
            let lastTimestamp, timestamp > lastTimestamp, payload.count <= configuration.payloadLimitBytes,
            index(of: sequence) == nil
        else { return false }
        return store(sequence, timestamp, payload, now, isRestored: true)
    }

    /// The next packet or loss; nil when nothing is due at `now`.
    package mutating func poll(now: ContinuousClock.Instant) -> JitterBufferOutput? {
        guard held > 0, let expected else { return nil }
        if let next = index(of: expected), let slot = slots[next] {
            return .packet(release(slot, at: next, now: now))
        }
        guard let first = earliest(from: expected) else { return nil }
        guard held == configuration.slots || now >= deadline(before: first) else { return nil }
        let packets = first.sequence &- expected
        released = packets < 64 ? released << UInt64(packets) : 0
        self.expected = first.sequence
        return .lost(packets: Int(packets), untilTimestamp: first.timestamp)
    }

    /// When a missing packet is given up, if nothing comes before; nil while nothing is held. Meant after a drain.
    package var nextDeadline: ContinuousClock.Instant? {
        expected.flatMap { earliest(from: $0) }.map { deadline(before: $0) }
    }

    /// Forgets every packet and the expected sequence number, for a new source.
    package mutating func reset() {
        for index in slots.indices {
            slots[index] = nil
        }
        held = 0
        expected = nil
        lastTimestamp = nil
        released = 0
        spread.clear()
    }

    /// Until when the packet right before `first`, which is missing, may still come.
    private func deadline(before first: Slot) -> ContinuousClock.Instant {
        var step = Self.longestStep
        if let expected, let lastTimestamp {
            let packets = max(1, first.sequence &- expected &+ 1)
            step = min(max(0, (first.timestamp &- lastTimestamp) / packets), Self.longestStep)
        }
        let late = spread.deadline(
            timestamp: first.timestamp &- step, earliest: first.arrival, limit: configuration.longestHold)
        return max(late, first.arrival + min(patience, configuration.longestHold))
    }

    private mutating func store(
        _ sequence: Int64, _ timestamp: Int64, _ payload: UnsafeRawBufferPointer, _ now: ContinuousClock.Instant,
        isRestored: Bool
    ) -> Bool {
        guard let free = slots.firstIndex(where: { $0 == nil }) else { return false }
        slots[free] = Slot(
            sequence: sequence, timestamp: timestamp, arrival: now, length: payload.count, isRestored: isRestored)
        bytes(of: free).copyMemory(from: payload)
        held += 1
        return true
    }

    private mutating func release(
        _ slot: Slot, at index: Int, now: ContinuousClock.Instant
    ) -> JitterBufferPacket {
        slots[index] = nil
        held -= 1
        expected = slot.sequence &+ 1
        lastTimestamp = slot.timestamp
        released = released << 1 | 1
        return JitterBufferPacket(
            timestamp: slot.timestamp, payload: UnsafeRawBufferPointer(rebasing: bytes(of: index)[..<slot.length]),
            held: slot.arrival.duration(to: now), isRestored: slot.isRestored)
    }

    private func wasReleased(_ back: Int64) -> Bool {
        back <= 64 && released & (1 << UInt64(back - 1)) != 0
    }

    private func index(of sequence: Int64) -> Int? {
        held == 0 ? nil : slots.firstIndex { $0?.sequence == sequence }
    }

    private func earliest(from expected: Int64) -> Slot? {
        guard held > 0 else { return nil }
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
