/// What one side tells of its ICE agent (RFC 8839 §5).
package struct ICEParameters: Equatable, Sendable {
    /// `a=ice-ufrag`, 4 to 256 characters.
    package var usernameFragment: String
    /// `a=ice-pwd`, 22 to 256 characters.
    package var password: String
    package var isLite: Bool
    /// `candidate:…` without `a=`, in the order given, for the first component alone.
    package var candidates: [String]
    /// Candidates left out because their address is a `.local` name.
    package var mdnsCandidates: Int

    package init(
        usernameFragment: String, password: String, isLite: Bool = false, candidates: [String] = [],
        mdnsCandidates: Int = 0
    ) {
        self.usernameFragment = usernameFragment
        self.password = password
        self.isLite = isLite
        self.candidates = candidates
        self.mdnsCandidates = mdnsCandidates
    }
}
