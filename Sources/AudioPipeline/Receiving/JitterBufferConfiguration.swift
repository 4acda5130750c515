/// The limits of a `JitterBuffer`.
package struct JitterBufferConfiguration: Sendable, Equatable {
    /// Later packets that are held while one is missing; the next one gives it up.
    package var heldPackets = 2
    /// How long the first of them waits for the missing one: two frames of 20 ms.
    package var hold: Duration = .milliseconds(40)
    /// A sequence number further than this from the expected one is a source that starts anew.
    package var restartDistance: Int64 = 1_000
    /// Room for packets that arrive before the owner polls.
    package var slots = 8
    /// Room per packet: no RTP payload in one Ethernet frame is larger.
    package var payloadLimitBytes = 1_500

    package init() {}
}
