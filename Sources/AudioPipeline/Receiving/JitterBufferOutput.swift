/// What comes next in sequence order.
package enum JitterBufferOutput {
    case packet(JitterBufferPacket)
    /// `packets` never came; the packet at `untilTimestamp` follows.
    case lost(packets: Int, untilTimestamp: Int64)
}

/// A packet in its turn.
package struct JitterBufferPacket {
    package var timestamp: Int64
    /// Points into the buffer and is valid until its next mutating call.
    package var payload: UnsafeRawBufferPointer
    /// Since it came.
    package var held: Duration
    /// It came as redundancy in another packet.
    package var isRestored: Bool
}
