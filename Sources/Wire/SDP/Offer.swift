/// A peer's offer, and the answer to it (RFC 3264, RFC 8829 §5.3).
package struct Offer: Sendable {
    private let description: SessionDescription
    /// Nil when nothing of it can be used.
    private let selection: SectionSelection?

    package init(parsing text: String) throws(SDPError) {
        description = try SessionDescription(parsing: text)
        selection = try? description.selectSections()
    }

    /// What Parley agrees to. `role` is taken where the offer leaves the choice (`a=setup:actpass` or none).
    package func negotiate(preferringRole role: DTLSRole = .server) throws(SDPError) -> Negotiation {
        let selection = if let selection { selection } else { try description.selectSections() }
        return try description.negotiate(selection) { setup throws(SDPError) in
            switch setup {
            case .active: .server
            case .passive: .client
            case .holdconn: throw .heldConnection
            case .actpass, nil: role
            }
        }
    }

    /// The answer, one section for each of the offer's and in its order. A section is taken when it would be negotiated
    /// and `negotiation` has something for it, else it is answered with port 0.
    package func answer(_ negotiation: Negotiation, local: LocalDescription) -> String {
        let selection = selection ?? SectionSelection()
        let used = selection.order.filter {
            $0 == selection.audio ? negotiation.audio != nil : negotiation.data != nil
        }
        var writer = DescriptionWriter(local: local, setup: DTLSSetup(answering: negotiation.dtlsRole))
        writer.session(bundle: selection.isBundled ? used.compactMap { description.sections[$0].mid } : [])
        for (index, section) in description.sections.enumerated() {
            if index == selection.audio, let audio = negotiation.audio {
                writer.audio(
                    audio, protocolName: section.protocolName, reducedSize: section.attributes.has("rtcp-rsize"))
            } else if index == selection.data, negotiation.data != nil, let format = section.dataFormat {
                writer.data(mid: section.mid, protocolName: section.protocolName, format: format)
            } else {
                writer.rejected(section)
            }
        }
        return writer.text
    }
}
