/// A peer's answer to an offer of ours (RFC 8829 §5.3), for the peers Parley makes itself.
package struct Answer: Sendable {
    private let description: SessionDescription

    package init(parsing text: String) throws(SDPError) {
        description = try SessionDescription(parsing: text)
    }

    /// What was agreed. An answer without `a=setup` takes the side our offer left over, the active one where it left both.
    package func negotiation(offered: DTLSSetup) throws(SDPError) -> Negotiation {
        try description.negotiate(description.selectSections()) { setup throws(SDPError) in
            switch (offered, setup) {
            case (.holdconn, _), (_, .holdconn): throw .heldConnection
            case (_, .actpass): throw .invalidSetup
            case (.passive, .passive), (.active, .active): throw .conflictingSetup
            case (.actpass, .active), (.passive, .active), (.actpass, nil), (.passive, nil): .server
            case (.actpass, .passive), (.active, .passive), (.active, nil): .client
            }
        }
    }
}
