/// A call's association, which is with SCTP's owner from its opening to its close.
extension PeerConnection {
    func perform(_ request: SCTPRequest) {
        switch request {
        case .open(let localPort, let remotePort):
            association = environment.sctp.open(localPort: localPort, remotePort: remotePort) {
                [weak self] event in
                self?.onLoop { $0.receive(event) }
            }
        case .close: releaseAssociation()
        case .receive, .send, .resetStream:
            if let association { environment.sctp.post(request, for: association) }
        }
    }

    /// Comes from the loop's queue, never from inside one of our own calls.
    private func receive(_ event: SCTPEvent) { process(.sctp(event)) }

    func releaseAssociation() {
        if let association { environment.sctp.post(.close, for: association) }
        association = nil
    }
}
