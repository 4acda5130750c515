import CUsrsctp
import Glibc
import Wire

/// Every usrsctp call of the process, on the time it is given (RFC 9260, RFC 8261). There can be only one, since the
/// library's state and timers are process-wide; it is not thread-safe and belongs to one owner.
///
/// usrsctp's callbacks fire inside our calls; they only append to `inbox`, which `poll` hands out. The owner ends by `end` or
/// with the object, and then there may be another.
final class SCTPAssociations {
    /// The largest message we take; stated in our SDP.
    static let maxMessageSize = 262_144

    private var associations: [AssociationID: SCTPAssociation] = [:]
    private var inbox = OutputQueue<(AssociationID, SCTPEvent)>()
    private var isOver = false

    // The instance that callbacks reach; set and used by the one owner only.
    nonisolated(unsafe) private static weak var current: SCTPAssociations?

    init() {
        precondition(Self.current == nil, "one owner of usrsctp")
        _ = Self.isInitialised
        Self.current = self
    }

    private static let isInitialised: Bool = {
        usrsctp_init_nothreads(
            0,
            { address, bytes, count, _, _ in
                guard let bytes else { return -1 }
                SCTPAssociations.current?.append(
                    AssociationID(rawValue: UInt(bitPattern: address)),
                    .transmit(Array(UnsafeRawBufferPointer(start: bytes, count: count))))
                return 0
            }, nil)
        usrsctp_sysctl_set_sctp_ecn_enable(0)
        usrsctp_sysctl_set_sctp_asconf_enable(0)
        usrsctp_sysctl_set_sctp_auth_enable(0)
        usrsctp_sysctl_set_sctp_nr_outgoing_streams_default(UInt32(DataNegotiation.streams))
        // A voice call notices loss by its media; SCTP should repeat early and give up late.
        usrsctp_sysctl_set_sctp_rto_min_default(200)
        usrsctp_sysctl_set_sctp_rto_initial_default(400)
        usrsctp_sysctl_set_sctp_rto_max_default(3_000)
        usrsctp_sysctl_set_sctp_init_rto_max_default(1_000)
        usrsctp_sysctl_set_sctp_init_rtx_max_default(20)
        usrsctp_sysctl_set_sctp_assoc_rtx_max_default(20)
        usrsctp_sysctl_set_sctp_path_rtx_max_default(20)
        return true
    }()

    /// Frees every association, untold; once. What is asked for afterwards is not done: usrsctp may be another's by then.
    func end() {
        isOver = true
        for id in Array(associations.keys) { discard(id) }
        Self.current = nil
    }

    func handle(_ request: SCTPRequest, for id: AssociationID) {
        guard !isOver else { return }
        switch request {
        case .open(let localPort, let remotePort): open(id, localPort: localPort, remotePort: remotePort)
        case .receive(let packet):
            guard associations[id] != nil else { return }
            packet.withUnsafeBytes { usrsctp_conninput(id.address, $0.baseAddress, $0.count, 0) }
            flush(id)
        case .send(let message):
            associations[id]?.enqueue(message)
            flush(id)
        case .resetStream(let stream): associations[id]?.reset(stream: stream)
        case .close: close(id)
        }
    }

    /// Moves usrsctp's clock, for all associations.
    func advance(milliseconds: UInt32) {
        usrsctp_handle_timers(milliseconds)
        for (id, association) in associations where association.isWaiting { flush(id) }
    }

    func poll() -> (AssociationID, SCTPEvent)? { inbox.next() }

    // MARK: Inside

    private func open(_ id: AssociationID, localPort: UInt16, remotePort: UInt16) {
        guard associations[id] == nil else { return }
        do {
            let association = try SCTPAssociation(id: id, receive: Self.receiveCallback)
            associations[id] = association
            try association.connect(localPort: localPort, remotePort: remotePort)
        } catch {
            discard(id)
            append(id, .down(error))
        }
    }

    private func close(_ id: AssociationID) {
        // Shutdown first, while the packet can still be addressed; what the freeing emits later has no addressee.
        associations[id]?.shutdown()
        discard(id)
    }

    /// The association is freed after the dictionary is at rest: freeing calls back.
    private func discard(_ id: AssociationID) {
        let removed = associations.removeValue(forKey: id)
        _ = consume removed
    }

    private func flush(_ id: AssociationID) {
        guard let association = associations[id] else { return }
        let accepted = association.flush()
        if accepted > 0 { append(id, .accepted(bytes: accepted)) }
    }

    private func append(_ id: AssociationID, _ event: SCTPEvent) {
        guard associations[id] != nil || event.isDown else { return }
        inbox.append((id, event))
    }

    private static let receiveCallback: SCTPAssociation.ReceiveCallback = { _, _, data, count, info, flags, user in
        guard let data else { return 1 }
        defer { free(data) }
        let id = AssociationID(rawValue: UInt(bitPattern: user))
        SCTPAssociations.current?.received(
            id, UnsafeRawBufferPointer(start: data, count: count), info: info, flags: flags)
        return 1
    }

    private func received(_ id: AssociationID, _ bytes: UnsafeRawBufferPointer, info: sctp_rcvinfo, flags: Int32) {
        guard let association = associations[id] else { return }
        if flags & MSG_NOTIFICATION != 0 {
            guard let event = SCTPNotification.event(bytes) else { return }
            if event == .up { association.isUp = true }
            append(id, event)
            return
        }
        switch association.reassemble(bytes, stream: info.rcv_sid, ppid: info.rcv_ppid, flags: flags) {
        case .incomplete: break
        case .message(let message): append(id, .message(message))
        case .tooLarge: append(id, .down(.messageTooLarge))
        }
    }
}

extension SCTPEvent {
    fileprivate var isDown: Bool {
        if case .down = self { return true }
        return false
    }
}
