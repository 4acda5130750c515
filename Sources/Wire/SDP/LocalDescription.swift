/// What we say of ourselves in an offer or an answer.
package struct LocalDescription: Sendable {
    package var ice: ICEParameters
    package var fingerprint: Fingerprint
    package var ssrc: SSRC
    package var cname: String
    package var streamID: String
    package var trackID: String
    /// Of the `o=` line; the top bit is left out (RFC 8829 §5.2.1).
    package var sessionID: UInt64
    /// Of the `o=` line; one more for each description in a session (RFC 8829 §5.2.2).
    package var sessionVersion: UInt64
    /// The largest message we take, in bytes.
    package var maxMessageSize: Int
    package var sctpPort: UInt16

    package init(
        ice: ICEParameters, fingerprint: Fingerprint, ssrc: SSRC, cname: String, streamID: String, trackID: String,
        sessionID: UInt64, sessionVersion: UInt64 = 1, maxMessageSize: Int, sctpPort: UInt16 = 5000
    ) {
        self.ice = ice
        self.fingerprint = fingerprint
        self.ssrc = ssrc
        self.cname = cname
        self.streamID = streamID
        self.trackID = trackID
        self.sessionID = sessionID
        self.sessionVersion = sessionVersion
        self.maxMessageSize = maxMessageSize
        self.sctpPort = sctpPort
    }

    /// The address of `c=` and the port of `m=` (RFC 8839 §4.2.1.2): our first UDP host candidate, else none.
    var defaultAddress: (connection: String, port: UInt16) {
        let host = ice.candidates.lazy.compactMap { CandidateLine($0[...]) }
            .first { $0.transport == "udp" && $0.type == "host" && !$0.isMDNS && $0.port != 0 }
        guard let host else { return ("IN IP4 0.0.0.0", 9) }
        return ("IN \(host.address.utf8.contains(UInt8(ascii: ":")) ? "IP6" : "IP4") \(host.address)", host.port)
    }
}
