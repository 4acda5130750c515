/// What two descriptions agree on, seen from our side.
package struct Negotiation: Equatable, Sendable {
    package var remoteICE: ICEParameters
    /// All of the peer's, at least one of them with a trusted hash.
    package var fingerprints: [Fingerprint]
    /// Ours.
    package var dtlsRole: DTLSRole
    package var audio: AudioNegotiation?
    package var data: DataNegotiation?

    package init(
        remoteICE: ICEParameters, fingerprints: [Fingerprint], dtlsRole: DTLSRole, audio: AudioNegotiation? = nil,
        data: DataNegotiation? = nil
    ) {
        self.remoteICE = remoteICE
        self.fingerprints = fingerprints
        self.dtlsRole = dtlsRole
        self.audio = audio
        self.data = data
    }
}
