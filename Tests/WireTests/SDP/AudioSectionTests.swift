import Testing
import Wire

@Suite("Audio sections")
struct AudioSectionTests {
    private func offer(_ formats: String, _ attributes: [String] = []) -> OfferText {
        var offer = OfferText()
        offer.audio = ["m=audio 9 UDP/TLS/RTP/SAVPF \(formats)", "a=mid:0", "a=rtcp-mux"] + attributes
        return offer
    }

    @Test("Opus is answered wherever it stands in the list")
    func opusFirst() throws {
        let audio = try #require(try offer("0 8 101", ["a=rtpmap:101 OPUS/48000/2"]).negotiated().audio)
        #expect(audio.codec == .opus)
        #expect(audio.payloadType == PayloadType(101))
    }

    @Test(
        "Without opus, PCMU comes before PCMA, mapped or not",
        arguments: [
            ("8 0", [], AudioCodec.pcmu, 0), ("8", [], .pcma, 8), ("8", ["a=rtpmap:8 PCMA/8000"], .pcma, 8),
            ("96 8", ["a=rtpmap:96 pcmu/8000/1"], .pcmu, 96), ("111 8", ["a=rtpmap:111 opus/8000"], .pcma, 8),
            ("0 8", ["a=rtpmap:0 G726-32/8000"], .pcma, 8),
        ] as [(String, [String], AudioCodec, UInt8)])
    func g711(formats: String, maps: [String], codec: AudioCodec, number: UInt8) throws {
        let audio = try #require(try offer(formats, maps).negotiated().audio)
        #expect(audio.codec == codec)
        #expect(audio.payloadType == PayloadType(number))
        #expect(codec.clockRate == 8_000)
    }

    @Test("One codec is answered, without parameters when it is G.711")
    func oneCodec() throws {
        let answer = try offer("0 101", ["a=rtpmap:101 telephone-event/8000"]).answered()
        #expect(answer.contains("m=audio 40000 UDP/TLS/RTP/SAVPF 0"))
        #expect(answer.contains("a=rtpmap:0 PCMU/8000"))
        #expect(!answer.contains { $0.hasPrefix("a=fmtp") })
    }

    @Test(
        "RED is answered where it repeats the codec taken and nothing else",
        arguments: [
            ("a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111", 63),
            ("a=rtpmap:63 RED/48000", "a=fmtp:63 111/111/111", 63),
            ("a=rtpmap:63 red/48000/2", "a=fmtp:63 111/0", nil), ("a=rtpmap:63 red/48000/2", "a=ptime:20", nil),
            ("a=rtpmap:63 red/8000", "a=fmtp:63 111/111", nil), ("a=rtpmap:64 red/48000/2", "a=fmtp:64 111/111", nil),
        ] as [(String, String, UInt8?)])
    func redundancy(map: String, parameters: String, number: UInt8?) throws {
        let text = offer("111 63 64 0", ["a=rtpmap:111 opus/48000/2", map, parameters])
        #expect(try text.negotiated().audio?.redundancyType == number.map { PayloadType($0) })
        let formats = (number.map { ["\($0)"] } ?? []) + ["111"]
        #expect(try text.answered().contains("m=audio 40000 UDP/TLS/RTP/SAVPF \(formats.joined(separator: " "))"))
    }

    @Test(
        "Requests for packets are agreed on where they are offered for the codec taken",
        arguments: [
            ("a=rtcp-fb:111 nack", true), ("a=rtcp-fb:* nack", true), ("a=rtcp-fb:111 nack pli", false),
            ("a=rtcp-fb:0 nack", false), ("a=rtcp-fb:111 transport-cc", false),
        ])
    func requests(line: String, isAgreed: Bool) throws {
        let text = offer("111 0", ["a=rtpmap:111 opus/48000/2", line])
        #expect(try text.negotiated().audio?.asksForPackets == isAgreed)
        #expect(try text.answered().contains("a=rtcp-fb:111 nack") == isAgreed)
    }

    @Test("Payload types that look like RTCP, or are none, are not taken", arguments: ["72", "128", "300", "x"])
    func unusablePayloadTypes(format: String) throws {
        let audio = try #require(try offer("\(format) 8", ["a=rtpmap:\(format) opus/48000/2"]).negotiated().audio)
        #expect(audio.codec == .pcma)
    }

    @Test(
        "Directions are mirrored",
        arguments: [
            ("sendrecv", true, true, "a=sendrecv"), ("sendonly", false, true, "a=recvonly"),
            ("recvonly", true, false, "a=sendonly"), ("inactive", false, false, "a=inactive"),
        ])
    func directions(theirs: String, sends: Bool, receives: Bool, ours: String) throws {
        for onSession in [false, true] {
            var text = offer("0")
            if onSession { text.session.append("a=\(theirs)") } else { text.audio.append("a=\(theirs)") }
            let audio = try #require(try text.negotiated().audio)
            #expect(audio.sends == sends)
            #expect(audio.receives == receives)
            let answer = try text.answered()
            #expect(answer.contains(ours))
            #expect(answer.contains { $0.hasPrefix("a=msid:") } == sends)
            #expect(answer.contains { $0.hasPrefix("a=ssrc:") } == sends)
        }
    }

    @Test("A section's direction overrules the session's, and none means both ways")
    func directionDefaults() throws {
        var text = offer("0", ["a=recvonly"])
        text.session.append("a=inactive")
        #expect(try text.negotiated().audio?.sends == true)
        let plain = try #require(try offer("0").negotiated().audio)
        #expect(plain.sends && plain.receives)
    }

    @Test("The peer's opus parameters are read in any case and order")
    func opusParameters() throws {
        let text = offer(
            "111 0",
            [
                "a=rtpmap:111 opus/48000/2", "a=fmtp:0 useinbandfec=0",
                "a=fmtp:111 stereo=1; MaxPlaybackRate=16000 ;maxaveragebitrate=20000;useinbandfec=1;usedtx",
            ])
        let audio = try #require(try text.negotiated().audio)
        #expect(audio.maxPlaybackRate == 16_000)
        #expect(audio.peerMaxAverageBitrate == 20_000)
        #expect(audio.peerUsesFEC)
    }

    @Test("Parameters that are not numbers count as none")
    func badParameters() throws {
        let text = offer(
            "111",
            ["a=rtpmap:111 opus/48000/2", "a=fmtp:111 maxplaybackrate=-1;maxaveragebitrate=99999999999999999999;;=;"])
        let audio = try #require(try text.negotiated().audio)
        #expect(audio.maxPlaybackRate == nil)
        #expect(audio.peerMaxAverageBitrate == nil)
        #expect(!audio.peerUsesFEC)
    }

    @Test("Announced sources are listed once each; numbers that do not fit are left out")
    func sources() throws {
        let text = offer(
            "0", ["a=ssrc:7 cname:x", "a=ssrc:7 msid:a b", "a=ssrc:4294967296 cname:x", "a=ssrc:9", "a=ssrc:"])
        #expect(try text.negotiated().audio?.remoteSSRCs == [SSRC(7), SSRC(9)])
    }

    @Test(
        "The RTP profiles of DTLS and those of old are taken and answered as offered",
        arguments: [
            "UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "RTP/SAVPF", "TCP/DTLS/RTP/SAVPF", "RTP/AVP",
        ])
    func profiles(name: String) throws {
        var text = OfferText()
        text.audio[0] = "m=audio 9 \(name) 0"
        #expect(try text.answered().contains("m=audio 40000 \(name) 0"))
    }

    @Test("Reduced-size RTCP is agreed to only where it is offered")
    func reducedSize() throws {
        #expect(try offer("0", ["a=rtcp-rsize"]).answered().contains("a=rtcp-rsize"))
        #expect(try !offer("0").answered().contains("a=rtcp-rsize"))
    }
}
