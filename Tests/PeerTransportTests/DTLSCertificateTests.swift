import COpenSSL
import Testing
import Wire

@testable import PeerTransport

/// Handshakes with the kinds of certificate that peers have, under the few algorithms of `HandshakeLibrary`.
@Suite("DTLS certificates") struct DTLSCertificateTests {
    @Test("The few algorithms of a handshake can be had from this OpenSSL")
    func narrowLibrary() {
        #expect(HandshakeLibrary.context != nil)
    }

    @Test("A peer's certificate may be of P-256, P-384 or RSA", arguments: ["P-256", "P-384", "RSA"])
    func kinds(kind: String) throws {
        let ours = try Certificate()
        let theirs = try Certificate(key: #require(Self.makeKey(kind)))
        #expect(try Self.isThrough(server: ours, client: theirs))
        // As a server an RSA key is that of Janus and GStreamer, which a synthetic peer calls.
        #expect(try Self.isThrough(server: theirs, client: ours))
    }

    @Test("A certificate that is not that of the fingerprint ends the handshake")
    func stranger() throws {
        let (ours, theirs, other) = (try Certificate(), try Certificate(), try Certificate())
        let server = try DTLSSession(certificate: ours, role: .server, fingerprints: [other.fingerprint])
        let client = try DTLSSession(certificate: theirs, role: .client, fingerprints: [ours.fingerprint])
        #expect(Self.outcomes(server, client).server == .closed(.fingerprintMismatch))
    }

    private static func makeKey(_ kind: String) -> OpaquePointer? {
        let maker = EVP_PKEY_CTX_new_id(kind == "RSA" ? EVP_PKEY_RSA : EVP_PKEY_EC, nil)
        defer { EVP_PKEY_CTX_free(maker) }
        var key: OpaquePointer?
        EVP_PKEY_keygen_init(maker)
        if kind != "RSA" { EVP_PKEY_CTX_set_group_name(maker, kind) }
        return EVP_PKEY_keygen(maker, &key) == 1 ? key : nil
    }

    private static func isThrough(server ours: Certificate, client theirs: Certificate) throws -> Bool {
        let server = try DTLSSession(certificate: ours, role: .server, fingerprints: [theirs.fingerprint])
        let client = try DTLSSession(certificate: theirs, role: .client, fingerprints: [ours.fingerprint])
        let outcomes = outcomes(server, client)
        return outcomes.server == .connected && outcomes.client == .connected
    }

    private enum Outcome: Equatable {
        case connected
        case closed(DTLSCloseReason)
    }

    /// What each side says last when nothing moves any more.
    private static func outcomes(_ server: DTLSSession, _ client: DTLSSession) -> (server: Outcome?, client: Outcome?) {
        let now = ContinuousClock.now
        server.start(now: now)
        client.start(now: now)
        var (ours, theirs): (Outcome?, Outcome?)
        var isMoving = true
        while isMoving {
            isMoving = move(client, to: server, &theirs, now: now)
            isMoving = move(server, to: client, &ours, now: now) || isMoving
        }
        return (ours, theirs)
    }

    private static func move(
        _ sender: DTLSSession, to receiver: DTLSSession, _ outcome: inout Outcome?, now: ContinuousClock.Instant
    ) -> Bool {
        var hasMoved = false
        while let output = sender.poll() {
            switch output {
            case .transmit(let datagram):
                hasMoved = true
                datagram.withUnsafeBytes { receiver.receive($0, now: now) }
            case .connected: outcome = .connected
            case .closed(let reason): outcome = .closed(reason)
            case .data: break
            }
        }
        return hasMoved
    }
}
