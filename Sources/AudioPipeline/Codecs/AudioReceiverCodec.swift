/// The codecs this module speaks, with the media clock of their RTP payloads.
package enum AudioReceiverCodec: Hashable, Sendable {
    /// RFC 7587: the RTP clock runs at 48 kHz whatever is coded.
    case opus
    /// RFC 3551 §4.5.14, µ-law at 8 kHz.
    case pcmu
    /// RFC 3551 §4.5.14, A-law at 8 kHz.
    case pcma

    /// Media clock ticks (1/48000 s) per RTP timestamp unit.
    var ticksPerTimestamp: Int64 {
        self == .opus ? 1 : 6
    }
}
