/// What a `JitterBuffer` made of a packet.
package enum JitterBufferVerdict: Equatable, Sendable {
    case accepted
    /// Accepted as the first of a new run: its sequence number is far from the last, and what was held is gone.
    case restarted
    /// This sequence number came before.
    case duplicate
    /// It was given up as lost, or precedes the first packet.
    case late
    /// The payload is larger than a slot.
    case oversized
    /// Every slot is taken: more packets than the buffer has slots came without a poll between.
    case full
}
