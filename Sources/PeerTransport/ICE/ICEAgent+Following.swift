import CNice
import Glibc
import Wire

/// How a call goes on at another address of the peer's.
extension ICEAgent {
    /// Begins to read media before libnice does, to see where it comes from. To be called once DTLS is up: a handshake is
    /// taken from checked addresses only.
    func follow() {
        guard let array = nice_agent_get_sockets(agent, stream, Self.component) else { return }
        defer { g_ptr_array_unref(array) }
        let objects = (0..<Int(array.pointee.len)).compactMap { array.pointee.pdata[$0] }
        media?.open(objects.map { g_object_ref($0).assumingMemoryBound(to: GSocket.self) })
        pairSelected()
    }

    /// A packet authenticated that came by `path`, nil for one that libnice read.
    func heard(on path: DatagramPath?, now: ContinuousClock.Instant) {
        guard let challenge = follower.heard(on: path, now: now, transaction: STUNTransaction.random) else { return }
        ask(challenge)
    }

    /// How much is read of what comes in directly; what comes by a relay or TCP libnice reads as it comes.
    func read(_ reading: ReadAllowance.Reading) {
        guard let media else { return }
        media.pause(reading == .nothing && follower.agentIsDirect)
        guard media.isParked != (reading != .all) else { return }
        media.isParked = reading != .all
        restWhileDirect()
    }

    /// Under either password, while a restart may not have reached the peer.
    private func ask(_ challenge: PathFollower.Challenge) {
        for check in checks {
            _ = check.request(challenge.transaction).withUnsafeBytes { media?.send($0, on: challenge.path) }
        }
    }

    /// RTP, RTCP and protected records may come from anywhere, since they authenticate themselves. The rest of DTLS comes
    /// from where the peer is.
    func judge(_ datagram: UnsafeRawBufferPointer, _ path: DatagramPath) -> MediaSockets.Verdict {
        switch PacketClass.classify(datagram) {
        case .rtp, .rtcp: .take
        case .dtls: datagram.first == Self.applicationData || path == follower.path ? .take : .leave
        case .stun: isExpectedAnswer(datagram, path) ? .take : .leave
        case .turnChannel: .leave
        // Counted by the machine, which has no use for it either.
        case .unknown: .take
        }
    }

    func receive(
        _ datagram: UnsafeMutableRawBufferPointer, _ path: DatagramPath, _ arrival: ContinuousClock.Instant
    ) {
        let bytes = UnsafeRawBufferPointer(datagram)
        guard case .stun = PacketClass.classify(bytes) else {
            onEvent(.datagram(datagram, from: path, at: arrival))
            return
        }
        guard checks.contains(where: { $0.isAuthentic(bytes) }),
            let transaction = STUNCheck.answeredTransaction(bytes),
            follower.answered(transaction, on: path, now: .now)
        else { return }
        onEvent(.moved)
    }

    /// libnice has selected a pair, for the first time or another.
    func pairSelected() {
        // Whatever was restarted stands.
        checks = checks.suffix(1)
        follower.agentSelected(selectedPath, now: .now)
        if media?.isEmpty == false { restWhileDirect() }
    }

    /// DTLS records under the keys of the call (RFC 6347 §4.1).
    private static let applicationData: UInt8 = 23

    private func isExpectedAnswer(_ datagram: UnsafeRawBufferPointer, _ path: DatagramPath) -> Bool {
        STUNCheck.answeredTransaction(datagram).map { follower.expects($0, on: path) } ?? false
    }

    /// Nil for a relayed pair and one by TCP.
    private var selectedPath: DatagramPath? {
        var local: UnsafeMutablePointer<NiceCandidate>?
        var remote: UnsafeMutablePointer<NiceCandidate>?
        guard nice_agent_get_selected_pair(agent, stream, Self.component, &local, &remote) != 0, let local, let remote,
            local.pointee.type != NICE_CANDIDATE_TYPE_RELAYED,
            local.pointee.transport == NICE_CANDIDATE_TRANSPORT_UDP,
            let socket = nice_agent_get_selected_socket(agent, stream, Self.component)
        else { return nil }
        defer { g_object_unref(socket) }
        let address = withUnsafeTemporaryAllocation(byteCount: SocketAddress.maxBytes, alignment: 8) { name in
            name.initializeMemory(as: UInt8.self, repeating: 0)
            nice_address_copy_to_sockaddr(&remote.pointee.addr, name.assumingMemoryBound(to: sockaddr.self).baseAddress)
            return SocketAddress(UnsafeRawBufferPointer(name))
        }
        guard let index = media?.index(of: socket), let address else { return nil }
        return DatagramPath(socket: index, address: address)
    }
}
