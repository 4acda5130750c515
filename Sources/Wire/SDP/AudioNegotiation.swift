/// What is agreed for the audio section.
package struct AudioNegotiation: Equatable, Sendable {
    package var mid: String?
    package var codec: AudioCodec
    /// The offer's own, for both directions.
    package var payloadType: PayloadType
    /// Of RED (RFC 2198) around that codec, for both directions; nil where it was not offered.
    package var redundancyType: PayloadType?
    /// Whether the offer asks for packets by generic NACK (RFC 4585 §4.2), and the answer does.
    package var asksForPackets: Bool
    /// Whether we send.
    package var sends: Bool
    /// Whether we receive.
    package var receives: Bool
    /// Those the other side announced, in its order.
    package var remoteSSRCs: [SSRC]
    /// The highest rate, in Hz, the peer makes use of (RFC 7587 §6.1); nil when it names none.
    package var maxPlaybackRate: Int?
    /// Whether the peer makes use of in-band error correction.
    package var peerUsesFEC: Bool
    /// In bits per second; nil when the peer names none.
    package var peerMaxAverageBitrate: Int?

    package init(
        mid: String?, codec: AudioCodec, payloadType: PayloadType, redundancyType: PayloadType? = nil,
        asksForPackets: Bool = false, sends: Bool = true, receives: Bool = true,
        remoteSSRCs: [SSRC] = [], maxPlaybackRate: Int? = nil, peerUsesFEC: Bool = false,
        peerMaxAverageBitrate: Int? = nil
    ) {
        self.mid = mid
        self.codec = codec
        self.payloadType = payloadType
        self.redundancyType = redundancyType
        self.asksForPackets = asksForPackets
        self.sends = sends
        self.receives = receives
        self.remoteSSRCs = remoteSSRCs
        self.maxPlaybackRate = maxPlaybackRate
        self.peerUsesFEC = peerUsesFEC
        self.peerMaxAverageBitrate = peerMaxAverageBitrate
    }
}
