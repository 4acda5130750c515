/// Whether a section can be used at all.
extension SDPSection {
    var isAudio: Bool { kind.lowercased() == "audio" }
    var isApplication: Bool { kind.lowercased() == "application" }

    /// Why the section has to be answered with port 0; nil when it can be used.
    func refusal(isBundled: Bool) -> SectionRefusal.Reason? {
        if isAudio { return audioRefusal ?? portRefusal(isBundled: isBundled) }
        if isApplication { return dataRefusal ?? portRefusal(isBundled: isBundled) }
        return .kindNotSupported
    }

    private var audioRefusal: SectionRefusal.Reason? {
        guard isRTPOverDTLS else { return .protocolNotSupported }
        guard attributes.has("rtcp-mux") else { return .withoutRTCPMux }
        return audioFormat == nil ? .withoutKnownCodec : nil
    }

    private var dataRefusal: SectionRefusal.Reason? {
        guard ["UDP/DTLS/SCTP", "TCP/DTLS/SCTP", "DTLS/SCTP"].contains(protocolName.uppercased()) else {
            return .protocolNotSupported
        }
        return dataFormat == nil ? .notADataChannel : nil
    }

    /// Port 0 says that the offerer disabled the section, or that it exists inside its BUNDLE group alone
    /// (RFC 8843 §6).
    private func portRefusal(isBundled: Bool) -> SectionRefusal.Reason? {
        if port != 0 { return nil }
        guard attributes.has("bundle-only") else { return .disabledByOfferer }
        return isBundled ? nil : .notBundled
    }

    /// RFC 8829 §5.1.2: every RTP profile is taken for the one with DTLS and feedback.
    private var isRTPOverDTLS: Bool {
        Self.profiles.contains(protocolName.uppercased())
    }

    private static let profiles = Set(
        ["RTP/SAVPF", "RTP/SAVP", "RTP/AVPF", "RTP/AVP"].flatMap { [$0, "UDP/TLS/\($0)", "TCP/DTLS/\($0)"] })
}
