import Wire

extension Negotiation {
    /// This one with the path of `asked`, an offer in the call. Everything but ICE has to be as it was agreed on.
    func restarted(by asked: Negotiation) throws(PeerRestartError) -> Negotiation {
        guard asked.remoteICE.usernameFragment != remoteICE.usernameFragment,
            asked.remoteICE.password != remoteICE.password
        else { throw .refused("The offer does not restart ICE: its ice-ufrag or ice-pwd is that of the call.") }
        guard asked.fingerprints == fingerprints else {
            throw .refused("The offer has another certificate than the call: place a new call for it.")
        }
        guard asked.audio == audio, asked.data == data else {
            throw .refused("The offer changes media or data channels, which an ICE restart cannot.")
        }
        var restarted = self
        restarted.remoteICE = asked.remoteICE
        return restarted
    }
}
