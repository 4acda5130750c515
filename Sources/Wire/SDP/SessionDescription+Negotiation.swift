/// The transport attributes of the sections used: ICE, fingerprints, DTLS role.
extension SessionDescription {
    /// Everything both sides share whatever the role of the description, from the point of view of its reader.
    func negotiate(
        _ selection: SectionSelection, dtlsRole: (DTLSSetup?) throws(SDPError) -> DTLSRole
    ) throws(SDPError) -> Negotiation {
        let transport = TransportAttributes(
            session: attributes, sections: selection.lenders.map { sections[$0].attributes })
        return Negotiation(
            remoteICE: try transport.ice(), fingerprints: try transport.fingerprints(),
            dtlsRole: try dtlsRole(try transport.setup()),
            audio: selection.audio.flatMap { audioNegotiation(sections[$0]) },
            data: selection.data.flatMap { dataNegotiation(sections[$0]) })
    }

    private func audioNegotiation(_ section: SDPSection) -> AudioNegotiation? {
        guard let format = section.audioFormat else { return nil }
        let parameters = format.codec == .opus ? section.formatParameters(of: format.payloadType) : [:]
        let direction = MediaDirection(of: section.attributes, else: attributes)
        return AudioNegotiation(
            mid: section.mid.map(String.init), codec: format.codec, payloadType: format.payloadType,
            redundancyType: section.redundancyType(of: format),
            asksForPackets: section.asksForPackets(of: format), sends: direction.receives, receives: direction.sends,
            remoteSSRCs: section.announcedSources,
            maxPlaybackRate: parameters["maxplaybackrate"]?.decimal(),
            peerUsesFEC: parameters["useinbandfec"] == "1",
            peerMaxAverageBitrate: parameters["maxaveragebitrate"]?.decimal())
    }

    private func dataNegotiation(_ section: SDPSection) -> DataNegotiation? {
        guard let format = section.dataFormat else { return nil }
        return DataNegotiation(
            mid: section.mid.map(String.init), remotePort: format.port, remoteMaxMessageSize: section.maxMessageSize)
    }
}
