import Testing
import Wire

@Suite("The text of answers")
struct AnswerTextTests {
    private let transport = [
        "a=ice-ufrag:parl", "a=ice-pwd:parleyparleyparleyparley", "a=fingerprint:\(local.fingerprint.attributeValue)",
        "a=setup:passive", "a=candidate:1 1 UDP 2130706431 192.0.2.7 40000 typ host",
        "a=candidate:2 1 UDP 2130706175 2001:db8::7 40000 typ host", "a=end-of-candidates",
    ]

    @Test("Chromium gets this answer, word for word")
    func chromium() throws {
        let offer = try Offer(parsing: offerFixture("chromium"))
        let head = ["v=0", "o=- 17 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0 1"]
        let audio = [
            "m=audio 40000 UDP/TLS/RTP/SAVPF 63 111", "c=IN IP4 192.0.2.7", "a=mid:0", "a=sendrecv", "a=rtcp-mux",
            "a=rtcp-rsize", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1",
            "a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111",
            "a=msid:stream track", "a=ssrc:4242 cname:parley",
        ]
        let data = [
            "m=application 40000 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 192.0.2.7", "a=mid:1", "a=sctp-port:5000",
            "a=max-message-size:262144",
        ]
        #expect(
            lines(of: offer.answer(try offer.negotiate(), local: local))
                == head + audio + transport + data + transport)
    }

    @Test("A rejected section keeps its formats and its mid, and carries nothing else")
    func rejected() throws {
        var offer = OfferText()
        offer.others = ["m=video 9 UDP/TLS/RTP/SAVPF 96 97", "a=mid:v", "a=rtpmap:96 VP8/90000"]
        #expect(
            try offer.answered().suffix(4)
                == ["m=video 0 UDP/TLS/RTP/SAVPF 96 97", "c=IN IP4 0.0.0.0", "a=mid:v", "a=inactive"])
    }

    @Test(
        "The default address is that of the first host candidate, else none",
        arguments: [
            (["candidate:1 1 UDP 1 198.51.100.1 5 typ srflx raddr 0.0.0.0 rport 0"], "IN IP4 0.0.0.0", 9),
            ([], "IN IP4 0.0.0.0", 9), (["candidate:1 1 UDP 1 2001:db8::7 77 typ host"], "IN IP6 2001:db8::7", 77),
            (["candidate:1 1 TCP 1 192.0.2.1 9 typ host tcptype active"], "IN IP4 0.0.0.0", 9),
        ])
    func defaultAddress(candidates: [String], connection: String, port: Int) throws {
        var ours = local
        ours.ice.candidates = candidates
        let offer = try OfferText().parsed()
        let answer = lines(of: offer.answer(try offer.negotiate(), local: ours))
        #expect(answer.contains("m=audio \(port) UDP/TLS/RTP/SAVPF 111"))
        #expect(answer.contains("c=\(connection)"))
    }

    @Test("The answer's setup says the role we take")
    func setup() throws {
        let offer = try OfferText().parsed()
        #expect(offer.answer(try offer.negotiate(preferringRole: .client), local: local).contains("a=setup:active"))
        #expect(offer.answer(try offer.negotiate(preferringRole: .server), local: local).contains("a=setup:passive"))
    }

    @Test("A section whose part the caller took out of the negotiation is rejected")
    func withheld() throws {
        let offer = try OfferText().parsed()
        var negotiation = try offer.negotiate()
        negotiation.data = nil
        let answer = lines(of: offer.answer(negotiation, local: local))
        #expect(answer.contains("a=group:BUNDLE 0"))
        #expect(answer.contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel"))
    }

    @Test("The session's number has no top bit")
    func sessionNumber() throws {
        var ours = local
        ours.sessionID = .max
        let offer = try OfferText().parsed()
        #expect(offer.answer(try offer.negotiate(), local: ours).contains("o=- 9223372036854775807 1 IN IP4 0.0.0.0"))
    }
}
