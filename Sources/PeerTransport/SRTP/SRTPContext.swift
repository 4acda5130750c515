import CSRTP
import Wire

/// A failed libsrtp call.
enum SRTPError: Error, Equatable {
    /// The packet was seen before, or is older than the replay window (RFC 3711 §3.3.2).
    case replayed
    /// The authentication tag does not match.
    case unauthenticated
    /// Packets of as many sources as are allowed were authentic already.
    case tooManySources
    /// libsrtp's own status code.
    case status(UInt32)

    init(_ status: srtp_err_status_t) {
        switch status {
        case srtp_err_status_replay_fail, srtp_err_status_replay_old: self = .replayed
        case srtp_err_status_auth_fail: self = .unauthenticated
        default: self = .status(status.rawValue)
        }
    }
}

/// Protection of one direction of a call (RFC 3711, RFC 7714), in place. Owned by one PeerMachine.
final class SRTPContext {
    /// Bytes a protected packet may be longer than the plain one: tag, and for RTCP the index.
    static let overhead = 16 + 4
    /// Sources (SSRC) a peer may use in one call: libsrtp keeps state for each and forgets none.
    static let maxSources = 64
    /// Packets of reordering that the replay window allows.
    private static let replayWindow = 128

    private var session: srtp_t?
    /// Those that libsrtp keeps state for.
    private var sources: [SSRC] = []

    /// libsrtp is initialised once in the process.
    private static let isReady = srtp_init() == srtp_err_status_ok

    /// A context that stays: the NSS behind Debian's libsrtp is loaded with the first cipher and unloaded with the last,
    /// which would cost a lone call more than its handshake.
    // Written once and never used again.
    nonisolated(unsafe) private static let keepsNSSLoaded = try? SRTPContext(
        profile: .aeadAES128GCM, key: [UInt8](repeating: 0, count: 28), inbound: false)

    /// `inbound`: unprotects what the peer sends, else protects what we send.
    convenience init(_ material: KeyingMaterial, role: DTLSRole, inbound: Bool) throws(SRTPError) {
        _ = Self.keepsNSSLoaded
        let fromClient = (role == .client) != inbound
        try self.init(
            profile: material.profile, key: fromClient ? material.client : material.server, inbound: inbound)
    }

    /// `key`: master key and salt, joined.
    private init(profile: KeyingMaterial.Profile, key: [UInt8], inbound: Bool) throws(SRTPError) {
        guard Self.isReady else { throw .status(srtp_err_status_init_fail.rawValue) }
        var policy = srtp_policy_t()
        switch profile {
        case .aeadAES128GCM:
            srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp)
            srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp)
        case .aes128CMHMACSHA1:
            srtp_crypto_policy_set_rtp_default(&policy.rtp)
            srtp_crypto_policy_set_rtcp_default(&policy.rtcp)
        }
        policy.ssrc.type = inbound ? ssrc_any_inbound : ssrc_any_outbound
        policy.window_size = UInt(Self.replayWindow)
        var key = key
        let status = key.withUnsafeMutableBufferPointer { key in
            policy.key = key.baseAddress
            return srtp_create(&session, &policy)
        }
        guard status == srtp_err_status_ok else { throw SRTPError(status) }
    }

    deinit { if let session { srtp_dealloc(session) } }

    /// Protects an RTP packet of `length` bytes in place; `packet` has room for `overhead` more. Returns its new length.
    func protectRTP(_ packet: UnsafeMutableRawBufferPointer, length: Int) throws(SRTPError) -> Int {
        try apply(srtp_protect, packet, length)
    }

    /// As `protectRTP`, for a compound RTCP packet.
    func protectRTCP(_ packet: UnsafeMutableRawBufferPointer, length: Int) throws(SRTPError) -> Int {
        try apply(srtp_protect_rtcp, packet, length)
    }

    /// Authenticates and decrypts a packet in place. Returns its plain length.
    func unprotectRTP(_ packet: UnsafeMutableRawBufferPointer) throws(SRTPError) -> Int {
        // RFC 3550 §5.1
        try unprotect(srtp_unprotect, packet, sourceOffset: 8)
    }

    /// As `unprotectRTP`, for RTCP.
    func unprotectRTCP(_ packet: UnsafeMutableRawBufferPointer) throws(SRTPError) -> Int {
        // RFC 3550 §6.4.1
        try unprotect(srtp_unprotect_rtcp, packet, sourceOffset: 4)
    }

    private typealias Operation = (srtp_t?, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int32>?) -> srtp_err_status_t

    @inline(__always)
    private func unprotect(_ operation: Operation, _ packet: UnsafeMutableRawBufferPointer, sourceOffset: Int)
        throws(SRTPError) -> Int
    {
        guard packet.count >= sourceOffset + 4 else { throw .status(srtp_err_status_bad_param.rawValue) }
        let source = SSRC(UInt32(bigEndian: packet.loadUnaligned(fromByteOffset: sourceOffset, as: UInt32.self)))
        let isKnown = sources.contains(source)
        guard isKnown || sources.count < Self.maxSources else { throw .tooManySources }
        let length = try apply(operation, packet, packet.count)
        if !isKnown { sources.append(source) }
        return length
    }

    @inline(__always)
    private func apply(_ operation: Operation, _ packet: UnsafeMutableRawBufferPointer, _ length: Int)
        throws(SRTPError) -> Int
    {
        var count = Int32(clamping: length)
        let status = operation(session, packet.baseAddress, &count)
        guard status == srtp_err_status_ok else { throw SRTPError(status) }
        return Int(count)
    }
}
