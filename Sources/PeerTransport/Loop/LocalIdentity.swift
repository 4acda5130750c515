import Wire

/// What one peer calls itself in SDP and RTCP: random, and the same for the whole call.
struct LocalIdentity {
    let ssrc = SSRC(.random(in: 1...UInt32.max))
    let cname = LocalIdentity.token()
    let stream = LocalIdentity.token()
    let track = LocalIdentity.token()
    /// RFC 8829 §5.2.1: 63 bits.
    let session = UInt64.random(in: 1...UInt64(Int64.max))

    private static func token() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }

    func description(
        credentials: (usernameFragment: String, password: String), candidates: [String], environment: PeerEnvironment,
        version: UInt64 = 1
    ) -> LocalDescription {
        LocalDescription(
            ice: ICEParameters(
                usernameFragment: credentials.usernameFragment, password: credentials.password, isLite: false,
                candidates: candidates, mdnsCandidates: 0),
            fingerprint: environment.certificate.fingerprint, ssrc: ssrc, cname: cname, streamID: stream,
            trackID: track, sessionID: session, sessionVersion: version,
            maxMessageSize: SCTPAssociations.maxMessageSize, sctpPort: PeerMachineConfiguration.sctpPort)
    }
}
