/// What a datagram on a shared WebRTC port is, told by its first two bytes.
///
/// RFC 7983 §7:
/// ```
///              +----------------+
///              |        [0..3] -+--> forward to STUN
///              |      [16..19] -+--> forward to ZRTP (unknown here)
///  packet -->  |      [20..63] -+--> forward to DTLS
///              |      [64..79] -+--> forward to TURN channel
///              |    [128..191] -+--> forward to RTP/RTCP
///              +----------------+
/// ```
/// RTP and RTCP part by the second byte: RFC 5761 §4 keeps the payload types 64 to 95 for RTCP.
package enum PacketClass: Sendable {
    case stun
    case dtls
    case turnChannel
    case rtp
    case rtcp
    case unknown

    package static func classify(_ datagram: UnsafeRawBufferPointer) -> PacketClass {
        guard let first = datagram.first else { return .unknown }
        switch first {
        case 0...3: return .stun
        case 20...63: return .dtls
        case 64...79: return .turnChannel
        case 128...191:
            guard datagram.count >= 2 else { return .unknown }
            return (64...95).contains(datagram[1] & 0x7F) ? .rtcp : .rtp
        default: return .unknown
        }
    }
}
