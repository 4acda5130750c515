import Testing
import Wire

@Suite("BUNDLE and rejected sections")
struct BundleTests {
    private func mediaLines(_ offer: OfferText) throws -> [String] {
        try offer.answered().filter { $0.hasPrefix("m=") || $0.hasPrefix("a=group") }
    }

    @Test("The group keeps its order, the sections keep theirs")
    func order() throws {
        var offer = OfferText()
        offer.session = ["a=group:BUNDLE 1 0"]
        #expect(
            try mediaLines(offer) == [
                "a=group:BUNDLE 1 0", "m=audio 40000 UDP/TLS/RTP/SAVPF 111",
                "m=application 40000 UDP/DTLS/SCTP webrtc-datachannel",
            ])
    }

    @Test("A bundle-only section with port 0 is used inside its group")
    func bundleOnly() throws {
        var offer = OfferText()
        offer.data = ["m=application 0 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:1", "a=bundle-only"]
        #expect(try mediaLines(offer).first == "a=group:BUNDLE 0 1")
        #expect(try offer.negotiated().data != nil)
    }

    @Test("A section that the offerer disabled stays disabled and leaves the group")
    func disabled() throws {
        var offer = OfferText()
        offer.data[0] = "m=application 0 UDP/DTLS/SCTP webrtc-datachannel"
        #expect(
            try mediaLines(offer) == [
                "a=group:BUNDLE 0", "m=audio 40000 UDP/TLS/RTP/SAVPF 111",
                "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
            ])
    }

    @Test("A section outside the group is rejected")
    func outsideTheGroup() throws {
        var offer = OfferText()
        offer.session = ["a=group:BUNDLE 1"]
        let negotiation = try offer.negotiated()
        #expect(negotiation.audio == nil)
        #expect(negotiation.data?.mid == "1")
    }

    @Test("Without a group the audio section alone is used, or the data channels when there is no audio")
    func noGroup() throws {
        var offer = OfferText()
        offer.session = []
        #expect(
            try mediaLines(offer) == [
                "m=audio 40000 UDP/TLS/RTP/SAVPF 111", "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
            ])
        offer.audio = []
        #expect(try mediaLines(offer) == ["m=application 40000 UDP/DTLS/SCTP webrtc-datachannel"])
    }

    @Test("Only the first audio section of a group is used")
    func secondAudio() throws {
        var offer = OfferText()
        offer.session = ["a=group:BUNDLE 0 1 2"]
        offer.others = ["m=audio 9 UDP/TLS/RTP/SAVPF 8", "a=mid:2", "a=rtcp-mux"]
        #expect(try mediaLines(offer).last == "m=audio 0 UDP/TLS/RTP/SAVPF 8")
        #expect(try offer.negotiated().audio?.mid == "0")
    }

    @Test("Audio without rtcp-mux is rejected and the data channels stay")
    func withoutMux() throws {
        var offer = OfferText()
        offer.audio.removeAll { $0 == "a=rtcp-mux" }
        #expect(
            try mediaLines(offer) == [
                "a=group:BUNDLE 1", "m=audio 0 UDP/TLS/RTP/SAVPF 111 0",
                "m=application 40000 UDP/DTLS/SCTP webrtc-datachannel",
            ])
    }

    @Test("Of several groups the first of use is taken; unknown names and repeats in it are passed over")
    func severalGroups() throws {
        var offer = OfferText()
        offer.session = ["a=group:LS 0 1", "a=group:BUNDLE", "a=group:BUNDLE nobody 1 1 0"]
        #expect(try mediaLines(offer).first == "a=group:BUNDLE 1 0")
    }

    @Test("A bundled section may leave its transport to another")
    func sharedTransport() throws {
        var offer = OfferText()
        offer.others = offer.audio + offer.transport
        offer.audio = []
        offer.data += ["a=candidate:9 1 udp 1 192.0.2.9 9999 typ host"]
        offer.transport = []
        offer.others += ["a=candidate:8 1 udp 1 192.0.2.8 8888 typ host"]
        let negotiation = try Offer(parsing: offer.text).negotiate()
        #expect(negotiation.remoteICE.usernameFragment == "abcd")
        #expect(negotiation.remoteICE.candidates == ["candidate:8 1 udp 1 192.0.2.8 8888 typ host"])
    }

    @Test("A rejected section may still lend its transport to the others of its group")
    func transportOfRejected() throws {
        var offer = OfferText()
        offer.session = ["a=group:BUNDLE v 0"]
        offer.others = ["m=video 9 UDP/TLS/RTP/SAVPF 96", "a=mid:v"] + offer.transport
        offer.transport = ["a=bundle-only"]
        offer.audio[0] = "m=audio 0 UDP/TLS/RTP/SAVPF 111"
        #expect(try offer.negotiated().remoteICE.usernameFragment == "abcd")
        #expect(try mediaLines(offer).prefix(2) == ["a=group:BUNDLE 0", "m=audio 40000 UDP/TLS/RTP/SAVPF 111"])
    }

    @Test("An offer nothing of which can be used says why, section by section")
    func nothingUsable() throws {
        var offer = OfferText()
        offer.audio = ["m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0", "a=rtpmap:111 opus/48000/2"]
        offer.data = ["m=application 0 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:1"]
        offer.others = ["m=audio 9 UDP/TLS/RTP/SAVPF 9", "a=rtcp-mux", "m=video 9 X 1", "m=audio 9 RTP/X 0"]
        let error = #expect(throws: SDPError.self) { try offer.negotiated() }
        #expect(
            error
                == .nothingUsable([
                    SectionRefusal(section: 1, reason: .withoutRTCPMux),
                    SectionRefusal(section: 2, reason: .disabledByOfferer),
                    SectionRefusal(section: 3, reason: .withoutKnownCodec),
                    SectionRefusal(section: 4, reason: .kindNotSupported),
                    SectionRefusal(section: 5, reason: .protocolNotSupported),
                ]))
        #expect(error?.message.contains("section 1: a=rtcp-mux is missing; section 2: its port is 0") == true)
    }
}
