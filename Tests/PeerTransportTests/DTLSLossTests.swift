import TestKit
import Testing
import Wire

@testable import PeerTransport

/// Handshakes alone, through a network that loses a third of all datagrams, on virtual time.
@Suite("DTLS handshakes under loss") struct DTLSLossTests {
    @Test("Every handshake ends on both sides, whichever datagrams are lost")
    func everyHandshake() throws {
        let (ours, theirs) = (try Certificate(), try Certificate())
        var stuck: [UInt64] = []
        for seed in UInt64(0)..<400 where try !isThrough(ours, theirs, seed: seed) { stuck.append(seed) }
        #expect(stuck.isEmpty)
    }

    private func isThrough(_ ours: Certificate, _ theirs: Certificate, seed: UInt64) throws -> Bool {
        let server = try DTLSSession(certificate: ours, role: .server, fingerprints: [theirs.fingerprint])
        let client = try DTLSSession(certificate: theirs, role: .client, fingerprints: [ours.fingerprint])
        var toServer = NetworkEmulator(NetworkConditions(loss: 0.33), seed: 2 * seed)
        var toClient = NetworkEmulator(NetworkConditions(loss: 0.33), seed: 2 * seed + 1)
        var now = ContinuousClock.now
        var finished = 0
        server.start(now: now)
        client.start(now: now)
        for _ in 0..<2_900 {
            for datagram in toServer.receive(now: now) { datagram.withUnsafeBytes { server.receive($0, now: now) } }
            for datagram in toClient.receive(now: now) { datagram.withUnsafeBytes { client.receive($0, now: now) } }
            finished += drain(server, into: &toClient, now: now) + drain(client, into: &toServer, now: now)
            if finished == 2 { return true }
            now += .milliseconds(10)
            server.handleDeadline(now: now)
            client.handleDeadline(now: now)
        }
        return false
    }

    /// How many times the session said that it is connected.
    private func drain(
        _ session: DTLSSession, into network: inout NetworkEmulator, now: ContinuousClock.Instant
    ) -> Int {
        var connected = 0
        while let output = session.poll() {
            switch output {
            case .transmit(let datagram): network.send(datagram, now: now)
            case .connected: connected += 1
            case .data, .closed: break
            }
        }
        return connected
    }
}
