/// Writes the offers of Parley's own synthetic peers.
package enum OfferWriter {
    /// Payload types of the codecs, in the order they are offered.
    private static let payloadTypes: [(codec: AudioCodec, payloadType: PayloadType)] = [
        (.opus, PayloadType(111)), (.pcmu, PayloadType(0)), (.pcma, PayloadType(8)),
    ]

    private static let redundancyType = PayloadType(63)

    /// An offer of audio both ways, of data channels, or of both in one BUNDLE group.
    package static func offer(
        local: LocalDescription, audio: Bool, data: Bool, setup: DTLSSetup = .actpass,
        codecs: [AudioCodec] = AudioCodec.allCases
    ) -> String {
        let mids: [Substring] = (audio ? ["0"] : []) + (data ? [audio ? "1" : "0"] : [])
        var writer = DescriptionWriter(local: local, setup: setup)
        writer.session(bundle: mids)
        if audio {
            writer.audioOffer(
                mid: "0", formats: payloadTypes.filter { codecs.contains($0.codec) }, redundancyType: redundancyType)
        }
        if data {
            writer.data(
                mid: mids.last, protocolName: "UDP/DTLS/SCTP", format: .current(port: local.sctpPort))
        }
        return writer.text
    }
}
