/// Where the attributes of the one transport are looked up: in the first section used, in the session, and, since
/// bundled sections may leave them to another (RFC 8843 §7.1.3), in the further sections of the group.
struct TransportAttributes {
    private let levels: [[SDPAttribute]]

    init(session: [SDPAttribute], sections: [[SDPAttribute]]) {
        levels = sections.prefix(1) + [session] + sections.dropFirst()
    }

    /// RFC 8839 §5.3 and §5.4.
    func ice() throws(SDPError) -> ICEParameters {
        guard let fragment = value("ice-ufrag"), let password = value("ice-pwd") else { throw .missingCredentials }
        guard Self.isCredential(fragment, in: 4...256) else {
            throw .invalidUsernameFragment(length: fragment.utf8.count)
        }
        guard Self.isCredential(password, in: 22...256) else { throw .invalidPassword(length: password.utf8.count) }
        let candidates = candidates
        return ICEParameters(
            usernameFragment: String(fragment), password: String(password),
            isLite: levels.contains { $0.has("ice-lite") }, candidates: candidates.kept,
            mdnsCandidates: candidates.mdns)
    }

    /// The candidates of the one component, RTCP being multiplexed, and how many more have names for addresses.
    private var candidates: (kept: [String], mdns: Int) {
        let lines = firstValues("candidate").map { "candidate:\($0)" }
        let parsed = lines.compactMap { line in CandidateLine(line[...]).map { (line, $0) } }
        let ours = parsed.filter { $0.1.component == 1 }
        let kept = ours.filter { !$0.1.isMDNS }.map(\.0)
        return (kept, ours.count - kept.count)
    }

    /// All fingerprints of the first level that has any; one of them must be trusted (RFC 8122 §5).
    func fingerprints() throws(SDPError) -> [Fingerprint] {
        var fingerprints: [Fingerprint] = []
        for value in firstValues("fingerprint") {
            guard let fingerprint = Fingerprint(attribute: String(value)) else { throw .malformedFingerprint }
            fingerprints.append(fingerprint)
        }
        guard fingerprints.contains(where: \.isTrusted) else { throw .missingFingerprint }
        return fingerprints
    }

    /// Nil when the description names none.
    func setup() throws(SDPError) -> DTLSSetup? {
        guard let value = value("setup") else { return nil }
        guard let setup = DTLSSetup(rawValue: value.lowercased()) else { throw .invalidSetup }
        guard setup != .holdconn else { throw .heldConnection }
        return setup
    }

    private func value(_ name: String) -> Substring? {
        firstValues(name).first
    }

    private func firstValues(_ name: String) -> [Substring] {
        levels.lazy.map { $0.values(name) }.first { !$0.isEmpty } ?? []
    }

    private static func isCredential(_ text: Substring, in lengths: ClosedRange<Int>) -> Bool {
        lengths.contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
