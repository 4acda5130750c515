import COpenSSL
import Glibc
import Wire

/// What a DTLS session wants done.
enum DTLSOutput: Equatable {
    case transmit([UInt8])
    /// The handshake is over and the peer's certificate is one the SDP named; nil when no SRTP profile was agreed.
    case connected(KeyingMaterial?)
    /// Application data, one record: an SCTP packet (RFC 8261).
    case data([UInt8])
    case closed(DTLSCloseReason)
}

/// Why a DTLS session ended.
package enum DTLSCloseReason: Equatable, Sendable {
    case closeNotify
    case fingerprintMismatch
    case handshakeTimeout
    case failed(OpenSSLError)
}

/// One DTLS 1.2 association over memory BIOs (RFC 6347, RFC 5764), on the time it is given.
///
/// OpenSSL's own retransmission timer is disarmed: the datagrams of the last flight are kept here and sent again at
/// our deadlines, doubling from 100 ms, and again whenever a finished side still receives handshake records.
/// Owned by one PeerMachine, never shared.
final class DTLSSession {
    static let firstRetransmission = Duration.milliseconds(100)
    static let slowestRetransmission = Duration.milliseconds(3200)
    static let handshakeTimeout = Duration.seconds(30)
    /// How often a finished side repeats its last flight for a peer that missed it.
    static let lateRepeats = 16
    /// The longest plain record (RFC 6347 §4.1).
    private static let longestRecord = 1 << 14

    private enum Phase { case idle, handshaking, connected, closed }

    private let ssl: OpaquePointer
    private let incoming: OpaquePointer
    private let outbox = DatagramOutbox()
    private let role: DTLSRole
    private let fingerprints: [Fingerprint]
    private var phase = Phase.idle
    private var outputs = OutputQueue<DTLSOutput>()
    private var flight: [[UInt8]] = []
    private var interval = DTLSSession.firstRetransmission
    private var lateRepeatsLeft = DTLSSession.lateRepeats
    private var startedAt: ContinuousClock.Instant?
    /// The peer's first flight when it overtook the news that the path is up: some clients repeat it only after 1 s.
    private var early: [UInt8]?
    private(set) var nextDeadline: ContinuousClock.Instant?

    /// `fingerprints`: what the peer's SDP names; one of them must match its certificate.
    init(certificate: Certificate, role: DTLSRole, fingerprints: [Fingerprint]) throws(OpenSSLError) {
        self.role = role
        self.fingerprints = fingerprints
        guard let ssl = SSL_new(certificate.context) else { throw .last("SSL_new") }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = DatagramBIO.make(writingTo: outbox) else {
            SSL_free(ssl)
            throw .last("BIO_new")
        }
        self.ssl = ssl
        self.incoming = incoming
        BIO_ctrl(incoming, BIO_C_SET_BUF_MEM_EOF_RETURN, -1, nil)
        SSL_set_bio(ssl, incoming, outgoing)
        SSL_ctrl(ssl, SSL_CTRL_SET_MTU, DatagramBIO.mtu, nil)
        DTLS_set_timer_cb(ssl) { _, _ in 3_600_000_000 }
        if role == .server { SSL_set_accept_state(ssl) } else { SSL_set_connect_state(ssl) }
    }

    deinit { SSL_free(ssl) }

    // MARK: Inputs

    /// The path is there: a client sends its first flight, a server begins to wait.
    func start(now: ContinuousClock.Instant) {
        guard case .idle = phase else { return }
        phase = .handshaking
        startedAt = now
        if let early { BIO_write(incoming, early, Int32(clamping: early.count)) }
        early = nil
        continueHandshake(now: now)
        if nextDeadline == nil { nextDeadline = now + Self.handshakeTimeout }
    }

    /// One datagram of class DTLS. Before `start` the latest is kept.
    func receive(_ datagram: UnsafeRawBufferPointer, now: ContinuousClock.Instant) {
        switch phase {
        case .closed: break
        case .idle: early = Array(datagram)
        case .handshaking:
            BIO_write(incoming, datagram.baseAddress, Int32(clamping: datagram.count))
            continueHandshake(now: now)
        case .connected:
            BIO_write(incoming, datagram.baseAddress, Int32(clamping: datagram.count))
            repeatFlightIfPeerMissedIt(contentType: datagram.first)
            readRecords()
        }
    }

    /// Resends the last flight when its time has come.
    func handleDeadline(now: ContinuousClock.Instant) {
        guard case .handshaking = phase, let deadline = nextDeadline, now >= deadline else { return }
        if let startedAt, now - startedAt >= Self.handshakeTimeout { return close(.handshakeTimeout) }
        for datagram in flight { outputs.append(.transmit(datagram)) }
        interval = min(interval * 2, Self.slowestRetransmission)
        nextDeadline = now + interval
    }

    /// Encrypts one SCTP packet into one datagram; false before the handshake is over.
    func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard case .connected = phase else { return false }
        ERR_clear_error()
        let sent = SSL_write(ssl, bytes.baseAddress, Int32(clamping: bytes.count))
        flush()
        return sent > 0
    }

    /// Says goodbye (close_notify), once.
    func close() {
        if case .connected = phase {
            ERR_clear_error()
            SSL_shutdown(ssl)
            flush()
        }
        phase = .closed
        nextDeadline = nil
    }

    func poll() -> DTLSOutput? { outputs.next() }

    // MARK: Inside

    private func continueHandshake(now: ContinuousClock.Instant) {
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        let error = SSL_get_error(ssl, result)
        keepFlight(now: now)
        if result == 1 { return finishHandshake() }
        if error != SSL_ERROR_WANT_READ, error != SSL_ERROR_WANT_WRITE { close(.failed(.last("SSL_do_handshake"))) }
    }

    /// New handshake datagrams are the next flight, which proves that the peer has the one before.
    private func keepFlight(now: ContinuousClock.Instant) {
        guard !outbox.datagrams.isEmpty else { return }
        flight = outbox.datagrams
        flush()
        interval = Self.firstRetransmission
        nextDeadline = now + interval
    }

    private func finishHandshake() {
        nextDeadline = nil
        guard certificateMatches() else { return close(.fingerprintMismatch) }
        phase = .connected
        outputs.append(.connected(KeyingMaterial(exportedFrom: ssl)))
        readRecords()
    }

    private func readRecords() {
        let last = withUnsafeTemporaryAllocation(byteCount: Self.longestRecord, alignment: 16, readAll)
        let error = SSL_get_error(ssl, last)
        flush()
        if error == SSL_ERROR_ZERO_RETURN { close(.closeNotify) }
        // A record that fails is dropped by OpenSSL itself; what is left here is fatal to the association.
        if error == SSL_ERROR_SSL { close(.failed(.last("SSL_read"))) }
    }

    /// Reads by way of `scratch` until there is no more; returns what the last SSL_read said.
    private func readAll(_ scratch: UnsafeMutableRawBufferPointer) -> Int32 {
        while true {
            ERR_clear_error()
            let count = SSL_read(ssl, scratch.baseAddress, Int32(clamping: scratch.count))
            guard count > 0 else { return count }
            outputs.append(.data(Array(scratch.prefix(Int(count)))))
        }
    }

    /// RFC 6347 §4.2.4: the side that finished first keeps its last flight for a peer still in the handshake.
    private func repeatFlightIfPeerMissedIt(contentType: UInt8?) {
        let changeCipherSpec: UInt8 = 20
        let handshake: UInt8 = 22
        guard contentType == handshake || contentType == changeCipherSpec, lateRepeatsLeft > 0 else { return }
        lateRepeatsLeft -= 1
        for datagram in flight { outputs.append(.transmit(datagram)) }
    }

    /// RFC 8122 §5: one of the fingerprints in the SDP must be that of the certificate.
    private func certificateMatches() -> Bool {
        guard let certificate = SSL_get1_peer_certificate(ssl) else { return false }
        defer { X509_free(certificate) }
        return fingerprints.contains { fingerprint in
            let algorithm: OpaquePointer? =
                switch fingerprint.algorithm {
                case "sha-256": EVP_sha256()
                case "sha-384": EVP_sha384()
                case "sha-512": EVP_sha512()
                default: nil
                }
            guard let algorithm else { return false }
            return Certificate.digest(of: certificate, algorithm) == fingerprint.digest
        }
    }

    private func close(_ reason: DTLSCloseReason) {
        guard phase != .closed else { return }
        flush()
        phase = .closed
        nextDeadline = nil
        outputs.append(.closed(reason))
    }

    private func flush() {
        for datagram in outbox.datagrams { outputs.append(.transmit(datagram)) }
        outbox.datagrams.removeAll(keepingCapacity: true)
    }
}
