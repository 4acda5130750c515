import Testing
import Wire

@Suite("Transport attributes of offers")
struct TransportTests {
    private let digest = [UInt8](repeating: 0xAB, count: 32)

    @Test("Credentials, fingerprints and setup may stand at the session")
    func sessionLevel() throws {
        var offer = OfferText()
        offer.session += offer.transport
        offer.transport = []
        let negotiation = try offer.negotiated()
        #expect(negotiation.remoteICE.usernameFragment == "abcd")
        #expect(negotiation.fingerprints == [Fingerprint(algorithm: "sha-256", digest: digest)])
    }

    @Test("A section's fingerprints take the place of the session's")
    func sectionOverSession() throws {
        var offer = OfferText()
        offer.session.append("a=fingerprint:sha-1 " + (0..<20).map { _ in "00" }.joined(separator: ":"))
        #expect(try offer.negotiated().fingerprints == [Fingerprint(algorithm: "sha-256", digest: digest)])
    }

    @Test("Several fingerprints are kept, unknown hashes too, as long as one is trusted")
    func severalFingerprints() throws {
        var offer = OfferText()
        offer.transport.insert("a=fingerprint:Quantum-9 0a:0B", at: 0)
        #expect(
            try offer.negotiated().fingerprints == [
                Fingerprint(algorithm: "quantum-9", digest: [10, 11]),
                Fingerprint(algorithm: "sha-256", digest: digest),
            ])
        offer.transport.removeAll { $0.contains("sha-256") }
        #expect(throws: SDPError.missingFingerprint) { try offer.negotiated() }
    }

    @Test(
        "The setup of the offer gives us our role",
        arguments: [
            ("a=setup:actpass", DTLSRole.server, DTLSRole.client), ("a=setup:active", .server, .server),
            ("a=setup:passive", .client, .client), ("a=setup:ACTPASS", .server, .client), ("a=x", .server, .client),
        ])
    func setup(line: String, preferringServer: DTLSRole, preferringClient: DTLSRole) throws {
        var offer = OfferText()
        offer.transport[3] = line
        #expect(try offer.parsed().negotiate(preferringRole: .server).dtlsRole == preferringServer)
        #expect(try offer.parsed().negotiate(preferringRole: .client).dtlsRole == preferringClient)
    }

    @Test(
        "A held connection and an unknown setup are refused",
        arguments: [
            ("a=setup:holdconn", SDPError.heldConnection), ("a=setup:both", .invalidSetup), ("a=setup:", .invalidSetup),
        ])
    func refusedSetup(line: String, error: SDPError) {
        var offer = OfferText()
        offer.transport[3] = line
        #expect(throws: error) { try offer.negotiated() }
    }

    @Test("An ICE-lite peer is noted at either level", arguments: [true, false])
    func iceLite(onSession: Bool) throws {
        var offer = OfferText()
        if onSession { offer.session.append("a=ice-lite") } else { offer.transport.append("a=ice-lite") }
        #expect(try offer.negotiated().remoteICE.isLite)
    }

    @Test("Candidates are kept as they are; mDNS names are counted, other components and nonsense dropped")
    func candidates() throws {
        var offer = OfferText()
        offer.audio += [
            "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host generation 0",
            "a=candidate:2 1 UDP 1 0b6a-4f0e.LOCAL 5000 typ host",
            "a=candidate:3 2 udp 1 192.0.2.1 5001 typ host", "a=candidate:4 1 udp 1 192.0.2.1 70000 typ host",
            "a=candidate:5 1 udp 1 192.0.2.1 5000", "a=candidate:", "a=candidate",
            "a=candidate:6 1 tcp 1 2001:db8::1 9 typ host tcptype active",
        ]
        let ice = try offer.negotiated().remoteICE
        #expect(
            ice.candidates == [
                "candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host generation 0",
                "candidate:6 1 tcp 1 2001:db8::1 9 typ host tcptype active",
            ])
        #expect(ice.mdnsCandidates == 1)
    }

    @Test(
        "Credentials of the wrong length are refused",
        arguments: [
            ("abc", 22, SDPError.invalidUsernameFragment(length: 3)), ("abcd", 21, .invalidPassword(length: 21)),
            (String(repeating: "u", count: 257), 22, .invalidUsernameFragment(length: 257)),
            ("abcd", 257, .invalidPassword(length: 257)), ("ab cd", 22, .invalidUsernameFragment(length: 5)),
        ])
    func credentialLengths(ufrag: String, password: Int, error: SDPError) {
        var offer = OfferText()
        offer.transport[0] = "a=ice-ufrag:\(ufrag)"
        offer.transport[1] = "a=ice-pwd:\(String(repeating: "p", count: password))"
        #expect(throws: error) { try offer.negotiated() }
    }

    @Test(
        "Missing parts are named",
        arguments: [
            (0, SDPError.missingCredentials), (1, .missingCredentials), (2, .missingFingerprint),
        ])
    func missing(index: Int, error: SDPError) {
        var offer = OfferText()
        offer.transport.remove(at: index)
        #expect(throws: error) { try offer.negotiated() }
    }

    @Test("A malformed fingerprint is refused")
    func malformedFingerprint() {
        var offer = OfferText()
        offer.transport[2] = "a=fingerprint:sha-256 AB"
        #expect(throws: SDPError.malformedFingerprint) { try offer.negotiated() }
    }
}
