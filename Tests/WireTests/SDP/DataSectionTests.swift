import Testing
import Wire

@Suite("Data channel sections")
struct DataSectionTests {
    private func offer(_ mediaLine: String, _ attributes: [String]) -> OfferText {
        var offer = OfferText()
        offer.data = [mediaLine, "a=mid:1"] + attributes
        return offer
    }

    @Test(
        "Each form is answered as it was offered",
        arguments: [
            ("UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5001", "a=sctp-port:5000"),
            ("TCP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5001", "a=sctp-port:5000"),
            ("DTLS/SCTP 5001", "a=sctpmap:5001 webrtc-datachannel 1024", "a=sctpmap:5000 webrtc-datachannel 32"),
            ("UDP/DTLS/SCTP 5001", "a=sctpmap:5001 webrtc-datachannel 16", "a=sctpmap:5000 webrtc-datachannel 32"),
        ])
    func forms(line: String, theirs: String, ours: String) throws {
        let text = offer("m=application 9 \(line)", [theirs])
        #expect(try text.negotiated().data == DataNegotiation(mid: "1", remotePort: 5001))
        let answer = try text.answered()
        #expect(answer.contains("m=application 40000 " + line.replacing("5001", with: "5000")))
        #expect(answer.contains(ours))
    }

    @Test(
        "The largest message is read with its special values",
        arguments: [
            ([], 65_536), (["a=max-message-size:0"], Int.max), (["a=max-message-size:100000"], 100_000),
            (["a=max-message-size:99999999999999999999"], Int.max), (["a=max-message-size:-1"], 65_536),
            (["a=max-message-size:"], 65_536), (["a=max-message-size:1k"], 65_536),
        ] as [([String], Int)])
    func messageSize(attributes: [String], size: Int) throws {
        let text = offer("m=application 9 UDP/DTLS/SCTP webrtc-datachannel", attributes)
        #expect(try text.negotiated().data == DataNegotiation(mid: "1", remotePort: 5000, remoteMaxMessageSize: size))
    }

    @Test(
        "What is not a data channel is rejected",
        arguments: [
            ("UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:0"),
            ("UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:x"),
            ("DTLS/SCTP 5000", "a=sctpmap:5001 webrtc-datachannel 1024"), ("DTLS/SCTP 5000", "a=sctpmap:5000 t38 1"),
            ("DTLS/SCTP 0", "a=sctpmap:0 webrtc-datachannel 1024"), ("SCTP webrtc-datachannel", "a=sctp-port:5000"),
            ("UDP/BFCP *", "a=x"),
        ])
    func rejected(line: String, attribute: String) throws {
        let text = offer("m=application 9 \(line)", [attribute])
        #expect(try text.negotiated().data == nil)
        let answer = try text.answered()
        #expect(answer.contains("m=application 0 \(line)"))
        #expect(answer.contains("a=group:BUNDLE 0"))
    }
}
