import Testing
import Wire

@Suite("Offers of the peers in use")
struct FixtureTests {
    /// What one fixture must come to.
    struct Expectation: Sendable, CustomTestStringConvertible {
        var name: String
        var ufrag: String
        var candidates: Int
        var mdns = 0
        var fingerprints = 1
        var audio: AudioNegotiation?
        var data: DataNegotiation?
        var answer: [String]
        var testDescription: String { name }
    }

    private static let bothBundled = [
        "a=group:BUNDLE 0 1", "m=audio 40000 UDP/TLS/RTP/SAVPF 63 111",
        "m=application 40000 UDP/DTLS/SCTP webrtc-datachannel",
    ]

    static let expectations = [
        Expectation(
            name: "chromium", ufrag: "cUJ6", candidates: 4,
            audio: AudioNegotiation(
                mid: "0", codec: .opus, payloadType: PayloadType(111), redundancyType: PayloadType(63),
                remoteSSRCs: [SSRC(2_627_212_966)], peerUsesFEC: true),
            data: DataNegotiation(mid: "1", remoteMaxMessageSize: 262_144), answer: bothBundled),
        Expectation(
            name: "firefox", ufrag: "860d66d0", candidates: 0, mdns: 4,
            audio: AudioNegotiation(
                mid: "0", codec: .opus, payloadType: PayloadType(109), remoteSSRCs: [SSRC(966_256_478)],
                maxPlaybackRate: 48_000, peerUsesFEC: true),
            data: DataNegotiation(mid: "1", remoteMaxMessageSize: 1_073_741_823),
            answer: [
                "a=group:BUNDLE 0 1", "m=audio 40000 UDP/TLS/RTP/SAVPF 109",
                "m=application 40000 UDP/DTLS/SCTP webrtc-datachannel",
            ]),
        Expectation(
            name: "safari", ufrag: "xlOq", candidates: 2,
            audio: AudioNegotiation(
                mid: "audio", codec: .opus, payloadType: PayloadType(111), remoteSSRCs: [SSRC(2_304_417_725)],
                peerUsesFEC: true),
            data: DataNegotiation(mid: "data"),
            answer: [
                "a=group:BUNDLE audio data", "m=audio 40000 UDP/TLS/RTP/SAVPF 111",
                "m=video 0 UDP/TLS/RTP/SAVPF 96 97 98 99", "m=application 40000 DTLS/SCTP 5000",
            ]),
        Expectation(
            name: "ios-libwebrtc", ufrag: "myaa", candidates: 0,
            audio: AudioNegotiation(
                mid: "0", codec: .opus, payloadType: PayloadType(111), redundancyType: PayloadType(63),
                remoteSSRCs: [SSRC(1_190_735_428)], peerUsesFEC: true),
            data: DataNegotiation(mid: "1", remoteMaxMessageSize: 262_144), answer: bothBundled),
        Expectation(
            name: "android-libwebrtc", ufrag: "Y6QZ", candidates: 0,
            audio: AudioNegotiation(
                mid: "1", codec: .opus, payloadType: PayloadType(111), redundancyType: PayloadType(63),
                remoteSSRCs: [SSRC(845_120_937)], peerUsesFEC: true),
            data: DataNegotiation(mid: "2", remoteMaxMessageSize: 262_144),
            answer: [
                "a=group:BUNDLE 1 2", "m=video 0 UDP/TLS/RTP/SAVPF 96 97 98 99",
                "m=audio 40000 UDP/TLS/RTP/SAVPF 63 111", "m=application 40000 UDP/DTLS/SCTP webrtc-datachannel",
            ]),
        Expectation(
            name: "react-native", ufrag: "qpkJ", candidates: 4,
            audio: AudioNegotiation(
                mid: "audio", codec: .opus, payloadType: PayloadType(111), redundancyType: PayloadType(63),
                remoteSSRCs: [SSRC(3_561_208_874)], peerUsesFEC: true),
            data: DataNegotiation(mid: "data", remoteMaxMessageSize: 262_144),
            answer: [
                "a=group:BUNDLE audio data", "m=audio 40000 UDP/TLS/RTP/SAVPF 63 111",
                "m=application 40000 UDP/DTLS/SCTP webrtc-datachannel",
            ]),
        Expectation(
            name: "aiortc", ufrag: "0FT4", candidates: 2, fingerprints: 3,
            audio: AudioNegotiation(
                mid: "0", codec: .opus, payloadType: PayloadType(96), remoteSSRCs: [SSRC(378_722_618)]),
            data: DataNegotiation(mid: "1", remoteMaxMessageSize: 262_144),
            answer: [
                "a=group:BUNDLE 0 1", "m=audio 40000 UDP/TLS/RTP/SAVPF 96",
                "m=application 40000 UDP/DTLS/SCTP webrtc-datachannel",
            ]),
        Expectation(
            name: "webrtcbin", ufrag: "N52hkGCqudmQEqoCJ/Beh3bjWAFDJrh1", candidates: 9,
            audio: AudioNegotiation(
                mid: "audio0", codec: .opus, payloadType: PayloadType(96), remoteSSRCs: [SSRC(351_965_554)]),
            data: DataNegotiation(mid: "application1"),
            answer: [
                "a=group:BUNDLE audio0 application1", "m=audio 40000 UDP/TLS/RTP/SAVPF 96",
                "m=application 40000 UDP/DTLS/SCTP webrtc-datachannel",
            ]),
        Expectation(
            name: "libdatachannel", ufrag: "a9XS", candidates: 2,
            data: DataNegotiation(mid: "0", remoteMaxMessageSize: 262_144),
            answer: ["a=group:BUNDLE 0", "m=application 40000 UDP/DTLS/SCTP webrtc-datachannel"]),
        Expectation(
            name: "pion", ufrag: "bUlLEUqFCGRcVAeT", candidates: 2,
            audio: AudioNegotiation(
                mid: "0", codec: .opus, payloadType: PayloadType(111), remoteSSRCs: [SSRC(3_678_275_939)],
                peerUsesFEC: true),
            data: DataNegotiation(mid: "1"),
            answer: [
                "a=group:BUNDLE 0 1", "m=audio 40000 UDP/TLS/RTP/SAVPF 111",
                "m=application 40000 UDP/DTLS/SCTP webrtc-datachannel",
            ]),
    ]

    @Test("Each offer is negotiated to what it says", arguments: expectations)
    func negotiation(expectation: Expectation) throws {
        let negotiation = try Offer(parsing: offerFixture(expectation.name)).negotiate(preferringRole: .client)
        #expect(negotiation.remoteICE.usernameFragment == expectation.ufrag)
        #expect(negotiation.remoteICE.candidates.count == expectation.candidates)
        #expect(negotiation.remoteICE.mdnsCandidates == expectation.mdns)
        #expect(!negotiation.remoteICE.isLite)
        #expect(negotiation.fingerprints.count == expectation.fingerprints)
        #expect(negotiation.fingerprints.first?.algorithm == "sha-256")
        #expect(negotiation.dtlsRole == .client)
        #expect(negotiation.audio == expectation.audio)
        #expect(negotiation.data == expectation.data)
    }

    @Test("Each answer has the offer's sections in its order", arguments: expectations)
    func answer(expectation: Expectation) throws {
        let offer = try Offer(parsing: offerFixture(expectation.name))
        let answer = offer.answer(try offer.negotiate(), local: local)
        #expect(lines(of: answer).filter { $0.hasPrefix("m=") || $0.hasPrefix("a=group") } == expectation.answer)
        #expect(!answer.contains("rtcp-fb") && !answer.contains("extmap") && !answer.contains("telephone-event"))
        #expect(answer.hasSuffix("\r\n"))
    }

    @Test("Each answer reads as what we said of ourselves", arguments: expectations)
    func reparsedAnswer(expectation: Expectation) throws {
        let offer = try Offer(parsing: offerFixture(expectation.name))
        let answer = offer.answer(try offer.negotiate(preferringRole: .server), local: local)
        let seen = try Answer(parsing: answer).negotiation(offered: .actpass)
        #expect(seen.remoteICE == local.ice)
        #expect(seen.fingerprints == [local.fingerprint])
        #expect(seen.dtlsRole == .client)
        #expect(seen.audio?.mid == expectation.audio?.mid)
        #expect(seen.audio?.payloadType == expectation.audio?.payloadType)
        #expect(seen.audio?.remoteSSRCs == expectation.audio.map { _ in [SSRC(4242)] })
        #expect(seen.audio?.peerUsesFEC == expectation.audio.map { _ in true })
        #expect(seen.data?.mid == expectation.data?.mid)
        #expect(seen.data?.remoteMaxMessageSize == expectation.data.map { _ in 262_144 })
    }
}
