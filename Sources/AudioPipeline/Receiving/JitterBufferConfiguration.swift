/// The limits of a `JitterBuffer`.
package struct JitterBufferConfiguration: Sendable, Equatable {
    /// The longest wait for a missing packet, however late others came: what follows it waits as long.
    package var longestHold: Duration = .milliseconds(240)
    /// A sequence number further than this from the expected one is a source that starts anew.
    package var restartDistance: Int64 = 1_000
    /// Room for packets that arrive while one is missing, and before the owner polls: of 20 ms frames more than the longest
    /// wait. What never was used takes no memory.
    package var slots = 32
    /// Room per packet: no RTP payload in one Ethernet frame is larger.
    package var payloadLimitBytes = 1_500

    package init() {}
}
