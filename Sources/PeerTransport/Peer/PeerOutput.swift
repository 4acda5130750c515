import AudioPipeline

/// What a peer machine is told.
enum PeerInput {
    /// ICE has a working path: DTLS may start.
    case pathUp
    /// ICE lost its consent to send.
    case pathLost
    /// A datagram that is not STUN. Media is decrypted in place; nothing is kept.
    case datagram(UnsafeMutableRawBufferPointer)
    /// Comes every 20 ms on the media schedule: one audio frame is sent, and every deadline is looked at.
    case frameTick
    /// No more effort of the encoder than this from now on.
    case limitEffort(EncoderEffort)
    case sctp(SCTPEvent)
    case openChannel(label: String)
    case send(DataChannelMessage)
    /// End the call and say so to the peer.
    case close(PeerCloseReason)
}

/// What a peer machine wants done.
enum PeerOutput {
    /// Bytes for the path, valid until the machine's next call.
    case transmit(UnsafeRawBufferPointer)
    case sctp(SCTPRequest)
    /// DTLS is up and the peer's certificate is the one its SDP named.
    case established
    case audio(PCMBlock)
    case channelOpened(DataChannel)
    case message(DataChannelMessage)
    case channelClosed(UInt16)
    /// A message could not be sent; the reason.
    case sendFailed(DataChannelError)
    /// How much of the peer's datagrams is read from now on: it sends more than is read of one, or no more.
    case read(ReadAllowance.Reading)
    /// The last output.
    case closed(PeerCloseReason)
}

/// Why a call ended.
package enum PeerCloseReason: Equatable, Sendable {
    /// Asked for on our side.
    case hangUp
    /// Our server is going down.
    case shutdown
    /// The peer said goodbye.
    case remoteGoodbye(Goodbye)
    /// The path died without a word.
    case consentLost
    case setupTimeout
    case dtls(DTLSCloseReason)
    /// The peer takes audio but agreed on no SRTP profile of ours.
    case noSRTPProfile
    case sctpFailed(String)
    /// The peer takes our messages too slowly, or we its; the bound is named.
    case overrun(String)
    case internalError(String)

    package enum Goodbye: Equatable, Sendable { case rtcpBye, dtlsCloseNotify, sctpShutdown, sctpAbort }

    /// Whether either side ended it on purpose; otherwise the path was lost.
    package var isGoodbye: Bool {
        switch self {
        case .hangUp, .shutdown, .remoteGoodbye, .dtls(.closeNotify): true
        default: false
        }
    }

    /// The case's name, for logs and metrics.
    package var label: String {
        switch self {
        case .hangUp: "hang_up"
        case .shutdown: "shutdown"
        case .remoteGoodbye(.rtcpBye): "rtcp_bye"
        case .remoteGoodbye(.dtlsCloseNotify): "dtls_close_notify"
        case .remoteGoodbye(.sctpShutdown): "sctp_shutdown"
        case .remoteGoodbye(.sctpAbort): "sctp_abort"
        case .consentLost: "consent_lost"
        case .setupTimeout: "setup_timeout"
        case .dtls(.closeNotify): "dtls_close_notify"
        case .dtls(.fingerprintMismatch): "fingerprint_mismatch"
        case .dtls(.handshakeTimeout): "dtls_timeout"
        case .dtls(.failed): "dtls_failed"
        case .noSRTPProfile: "no_srtp_profile"
        case .sctpFailed: "sctp_failed"
        case .overrun: "overrun"
        case .internalError: "internal_error"
        }
    }
}
