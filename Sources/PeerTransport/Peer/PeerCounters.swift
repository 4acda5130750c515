package import AudioPipeline

/// What happened to one peer's packets, each drop by its cause. Plain numbers, owned by one PeerMachine.
package struct PeerCounters: Equatable, Sendable {
    package var rtpReceived = 0
    package var rtpSent = 0
    package var rtcpReceived = 0
    package var rtcpSent = 0
    /// A datagram of no class that WebRTC knows (RFC 7983), or empty.
    package var droppedUnknownClass = 0
    /// Media before the keys, or for a direction or section that was not negotiated.
    package var droppedUnexpected = 0
    package var droppedMalformed = 0
    package var droppedUnauthenticated = 0
    package var droppedReplayed = 0
    package var droppedPayloadType = 0
    /// An inbound source beyond the number of changes allowed.
    package var droppedSource = 0
    package var sourceChanges = 0
    package var droppedLate = 0
    /// Sound that came faster than it can be heard.
    package var droppedAhead = 0
    package var droppedDuplicate = 0
    /// Lost, and heard all the same from the redundancy in other packets.
    package var restoredPackets = 0
    /// Missing ones that the peer was asked for once more, and those that came because of it.
    package var requestedPackets = 0
    package var repairedPackets = 0
    /// Sent once more because the peer asked.
    package var resentPackets = 0
    package var lostPackets = 0
    package var concealedSamples = 0
    package var undecodable = 0
    package var holdTimes = HoldTimes()
    /// SRTP refused to protect a packet of ours, or the queue of outputs was full.
    package var failedToSend = 0
    package var channelsRefused = 0
    package var messagesDropped = 0
    /// Thread CPU inside libopus, G.711 and resampling calls.
    package var encodeNanoseconds: UInt64 = 0
    package var decodeNanoseconds: UInt64 = 0

    package init() {}
}

/// A reading of one peer's counters.
package struct PeerStatistics: Equatable, Sendable {
    package let counters: PeerCounters
    /// By the peer's RTCP reports; nil before the first.
    package let roundTrip: Duration?
    package let remoteLoss: Double?
}
