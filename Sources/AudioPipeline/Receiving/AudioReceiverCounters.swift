/// What became of the packets of one receiver.
package struct AudioReceiverCounters: Equatable, Sendable {
    /// Every packet offered, whatever its fate.
    package var packets: UInt64 = 0
    package var duplicates: UInt64 = 0
    /// Came after they had been given up.
    package var late: UInt64 = 0
    /// Dropped unheard: they came faster than sound can be played, for longer than a burst lasts.
    package var ahead: UInt64 = 0
    /// Heard all the same, from the redundancy in other packets.
    package var restored: UInt64 = 0
    /// Missing packets that the peer was asked for, each time it was.
    package var requested: UInt64 = 0
    /// Came because they were asked for, in time or not.
    package var repaired: UInt64 = 0
    /// Given up as lost.
    package var lost: UInt64 = 0
    /// Larger than a slot of the jitter buffer.
    package var oversized: UInt64 = 0
    /// Dropped because the owner did not poll between.
    package var overflowed: UInt64 = 0
    /// Runs of sequence numbers that began anew under the same source.
    package var sequenceRestarts: UInt64 = 0
    /// Samples made up or restored for lost packets, at the receiver's rate.
    package var concealedSamples: UInt64 = 0
    /// Payloads the codec refused.
    package var undecodable: UInt64 = 0
    /// Timestamps that went back, or further ahead than time did.
    package var timestampJumps: UInt64 = 0

    package init() {}

    mutating func count(_ verdict: JitterBufferVerdict) {
        packets &+= 1
        switch verdict {
        case .accepted: break
        case .restarted: sequenceRestarts &+= 1
        case .duplicate: duplicates &+= 1
        case .late: late &+= 1
        case .oversized: oversized &+= 1
        case .full: overflowed &+= 1
        }
    }
}
