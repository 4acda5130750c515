import Foundation
import Wire

/// What the tests say of Parley's own side.
let local = LocalDescription(
    ice: ICEParameters(
        usernameFragment: "parl", password: "parleyparleyparleyparley",
        candidates: [
            "candidate:1 1 UDP 2130706431 192.0.2.7 40000 typ host",
            "candidate:2 1 UDP 2130706175 2001:db8::7 40000 typ host",
        ]),
    fingerprint: Fingerprint(algorithm: "sha-256", digest: Array(0..<32)), ssrc: SSRC(4242), cname: "parley",
    streamID: "stream", trackID: "track", sessionID: 17, maxMessageSize: 262_144)

/// The text of a recorded or rebuilt offer; Fixtures/README.md says where each comes from.
func offerFixture(_ name: String) throws -> String {
    let url = Bundle.module.bundleURL.appending(path: "Fixtures/offers/\(name).sdp")
    return String(decoding: try Data(contentsOf: url), as: UTF8.self)
}

/// A small offer of audio and data channels that tests change line by line.
struct OfferText {
    static let fingerprint = "sha-256 " + (0..<32).map { _ in "AB" }.joined(separator: ":")

    var session = ["a=group:BUNDLE 0 1"]
    var transport = [
        "a=ice-ufrag:abcd", "a=ice-pwd:0123456789012345678901", "a=fingerprint:\(fingerprint)", "a=setup:actpass",
    ]
    var audio = [
        "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "c=IN IP4 0.0.0.0", "a=mid:0", "a=rtcp-mux", "a=rtpmap:111 opus/48000/2",
    ]
    var data = ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:1", "a=sctp-port:5000"]
    /// Lines of further sections, which share the transport.
    var others: [String] = []

    var text: String {
        let head = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0"] + session
        let sections = [audio, data].filter { !$0.isEmpty }.flatMap { $0 + transport } + others
        return (head + sections).joined(separator: "\r\n") + "\r\n"
    }

    func parsed() throws(SDPError) -> Offer {
        try Offer(parsing: text)
    }

    func negotiated() throws(SDPError) -> Negotiation {
        try parsed().negotiate()
    }

    /// The lines of the answer.
    func answered() throws(SDPError) -> [String] {
        let offer = try parsed()
        return lines(of: offer.answer(try offer.negotiate(), local: local))
    }
}

func lines(of text: String) -> [String] {
    text.components(separatedBy: "\r\n").filter { !$0.isEmpty }
}
