import Testing
import Wire

@Suite("Offers and answers between Parley's own peers")
struct SyntheticPeerTests {
    private func agree(
        audio: Bool, data: Bool, setup: DTLSSetup = .actpass, codecs: [AudioCodec] = AudioCodec.allCases
    ) throws -> (answerer: Negotiation, offerer: Negotiation) {
        let offer = try Offer(
            parsing: OfferWriter.offer(local: local, audio: audio, data: data, setup: setup, codecs: codecs))
        let negotiation = try offer.negotiate()
        let answer = try Answer(parsing: offer.answer(negotiation, local: local))
        return (negotiation, try answer.negotiation(offered: setup))
    }

    @Test("Audio and data channels are agreed on by both sides alike")
    func both() throws {
        let (answerer, offerer) = try agree(audio: true, data: true)
        let expected = AudioNegotiation(
            mid: "0", codec: .opus, payloadType: PayloadType(111), redundancyType: PayloadType(63),
            asksForPackets: true, remoteSSRCs: [SSRC(4242)], peerUsesFEC: true)
        #expect(answerer.audio == expected)
        #expect(offerer.audio == expected)
        #expect(answerer.data == DataNegotiation(mid: "1", remotePort: 5000, remoteMaxMessageSize: 262_144))
        #expect(offerer.data == answerer.data)
        #expect(answerer.dtlsRole == .server)
        #expect(offerer.dtlsRole == .client)
    }

    @Test("Either part may be offered alone")
    func alone() throws {
        let audio = try agree(audio: true, data: false)
        #expect(audio.answerer.audio != nil && audio.offerer.data == nil)
        let data = try agree(audio: false, data: true)
        #expect(data.answerer.audio == nil && data.offerer.data?.mid == "0")
    }

    @Test(
        "An offered role is taken over by the other side",
        arguments: [
            (DTLSSetup.active, DTLSRole.client), (.passive, .server),
        ])
    func roles(setup: DTLSSetup, offerer: DTLSRole) throws {
        let agreed = try agree(audio: true, data: false, setup: setup)
        #expect(agreed.offerer.dtlsRole == offerer)
        #expect(agreed.answerer.dtlsRole != offerer)
    }

    @Test("A peer may offer one codec alone", arguments: AudioCodec.allCases)
    func codecs(codec: AudioCodec) throws {
        let agreed = try agree(audio: true, data: false, codecs: [codec])
        #expect(agreed.answerer.audio?.codec == codec)
        #expect(agreed.offerer.audio?.codec == codec)
    }

    @Test(
        "The setup of an answer decides the offerer's role",
        arguments: [
            (DTLSSetup.actpass, "active", DTLSRole.server), (.actpass, "passive", .client),
            (.passive, "active", .server),
            (.active, "passive", .client), (.actpass, nil, .server), (.passive, nil, .server), (.active, nil, .client),
        ] as [(DTLSSetup, String?, DTLSRole)])
    func answerSetup(offered: DTLSSetup, answered: String?, role: DTLSRole) throws {
        #expect(try answer(setup: answered).negotiation(offered: offered).dtlsRole == role)
    }

    @Test(
        "An answer that does not go with the offer is refused",
        arguments: [
            (DTLSSetup.actpass, "actpass", SDPError.invalidSetup), (.active, "active", .conflictingSetup),
            (.passive, "passive", .conflictingSetup), (.actpass, "holdconn", .heldConnection),
        ])
    func conflictingSetup(offered: DTLSSetup, answered: String, error: SDPError) {
        #expect(throws: error) { try answer(setup: answered).negotiation(offered: offered) }
    }

    @Test("An answer that refuses everything is an error")
    func refusal() throws {
        let text = "v=0\r\nm=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
        #expect(throws: SDPError.nothingUsable([SectionRefusal(section: 1, reason: .withoutRTCPMux)])) {
            try Answer(parsing: text).negotiation(offered: .actpass)
        }
    }

    private func answer(setup: String?) throws(SDPError) -> Answer {
        var text = OfferText()
        text.transport[3] = setup.map { "a=setup:\($0)" } ?? "a=x"
        return try Answer(parsing: text.text)
    }
}
