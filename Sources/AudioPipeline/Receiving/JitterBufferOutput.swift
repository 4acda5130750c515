/// What comes next in sequence order.
package enum JitterBufferOutput {
    /// A packet; `payload` points into the buffer and is valid until its next mutating call.
    case packet(timestamp: Int64, payload: UnsafeRawBufferPointer)
    /// `packets` never came; the packet at `untilTimestamp` follows.
    case lost(packets: Int, untilTimestamp: Int64)
}
