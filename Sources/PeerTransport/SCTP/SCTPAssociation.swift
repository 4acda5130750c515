import CUsrsctp
import Glibc
import Wire

/// One usrsctp socket: options, sending queue, reassembly. Reached through `SCTPAssociations` only.
final class SCTPAssociation {
    typealias ReceiveCallback =
        @convention(c) (
            OpaquePointer?, sctp_sockstore, UnsafeMutableRawPointer?, Int, sctp_rcvinfo, Int32,
            UnsafeMutableRawPointer?
        ) -> Int32

    enum Reassembly {
        case incomplete
        case message(SCTPMessage)
        case tooLarge
    }

    /// Bytes of messages whose end has not come; several can be under way when packets are lost, and a peer may never
    /// send an end (RFC 3758).
    static let maxPartialBytes = 4 << 20
    /// Largest packet inside DTLS that crosses every path (RFC 8261 §5).
    private static let pathMTU: UInt32 = 1150
    /// Tells that a silent peer is there, and tells it of us; the stack adds up to half of it and a round trip.
    private static let heartbeatMs: UInt32 = 5_000
    /// More than the largest message, so that one always fits.
    private static let bufferBytes: Int32 = 1 << 20

    private let id: AssociationID
    private let socket: OpaquePointer
    /// Set when the association is up. Data given to usrsctp earlier may wait for its next timer, seconds away, when
    /// both sides' INITs crossed, so it waits here.
    var isUp = false
    private var queue: [SCTPMessage] = []
    private var partial: [UInt16: [UInt8]] = [:]
    private var partialBytes = 0

    init(id: AssociationID, receive: ReceiveCallback) throws(SCTPDownReason) {
        self.id = id
        usrsctp_register_address(id.address)
        guard
            let socket = usrsctp_socket(
                AF_CONN, parley_SOCK_STREAM, Int32(IPPROTO_SCTP), receive, nil, 0, id.address)
        else {
            usrsctp_deregister_address(id.address)
            throw .failed(operation: "usrsctp_socket", errno: errno)
        }
        self.socket = socket
        do { try configure() } catch { throw error }
    }

    deinit {
        usrsctp_close(socket)
        usrsctp_deregister_address(id.address)
    }

    /// Binds and starts the handshake; both sides do, and the collision is resolved by SCTP (RFC 9260 §5.2.1).
    func connect(localPort: UInt16, remotePort: UInt16) throws(SCTPDownReason) {
        var local = address(port: localPort)
        let bound = withSocketAddress(&local) { usrsctp_bind(socket, $0, $1) }
        guard bound == 0 else { throw .failed(operation: "usrsctp_bind", errno: errno) }
        var remote = address(port: remotePort)
        let connecting = withSocketAddress(&remote) { usrsctp_connect(socket, $0, $1) }
        guard connecting == 0 || errno == EINPROGRESS else {
            throw .failed(operation: "usrsctp_connect", errno: errno)
        }
        var path = sctp_paddrparams()
        withUnsafeMutableBytes(of: &path.spp_address) { target in
            withUnsafeBytes(of: &remote) { target.copyMemory(from: $0) }
        }
        path.spp_flags = UInt32(SPP_PMTUD_DISABLE | SPP_HB_ENABLE)
        path.spp_hbinterval = Self.heartbeatMs
        path.spp_pathmtu = Self.pathMTU
        try set(Int32(IPPROTO_SCTP), SCTP_PEER_ADDR_PARAMS, path, "SCTP_PEER_ADDR_PARAMS")
    }

    /// Messages are there that SCTP has not taken.
    var isWaiting: Bool { !queue.isEmpty }

    func enqueue(_ message: SCTPMessage) { queue.append(message) }

    /// Gives SCTP what it takes; returns the cost of what it took.
    func flush() -> Int {
        guard isUp else { return 0 }
        var accepted = 0
        var sent = 0
        for message in queue {
            guard send(message) else { break }
            accepted += message.costBytes
            sent += 1
        }
        if sent > 0 { queue.removeFirst(sent) }
        return accepted
    }

    /// Closes our direction of a stream (RFC 8831 §6.7).
    func reset(stream: UInt16) {
        // sctp_reset_streams ends in a flexible array, so the request is laid out by hand: id, flags, count, streams.
        var request = [UInt8](repeating: 0, count: MemoryLayout<sctp_reset_streams>.size + 2)
        request.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: UInt16(SCTP_STREAM_RESET_OUTGOING), toByteOffset: 4, as: UInt16.self)
            bytes.storeBytes(of: UInt16(1), toByteOffset: 6, as: UInt16.self)
            bytes.storeBytes(of: stream, toByteOffset: 8, as: UInt16.self)
            _ = usrsctp_setsockopt(
                socket, Int32(IPPROTO_SCTP), SCTP_RESET_STREAMS, bytes.baseAddress, socklen_t(bytes.count))
        }
    }

    func shutdown() { usrsctp_shutdown(socket, Int32(SHUT_WR)) }

    /// Joins the pieces of a message until its end (MSG_EOR).
    func reassemble(_ bytes: UnsafeRawBufferPointer, stream: UInt16, ppid: UInt32, flags: Int32) -> Reassembly {
        let isEnd = flags & Int32(MSG_EOR) != 0
        var message = partial.removeValue(forKey: stream) ?? []
        partialBytes -= message.count
        guard message.count + bytes.count <= SCTPAssociations.maxMessageSize else { return .tooLarge }
        message.append(contentsOf: bytes)
        guard isEnd else {
            partial[stream] = message
            partialBytes += message.count
            return partialBytes <= Self.maxPartialBytes ? .incomplete : .tooLarge
        }
        return .message(SCTPMessage(stream: stream, payloadProtocol: UInt32(bigEndian: ppid), bytes: message))
    }

    // MARK: Inside

    private func configure() throws(SCTPDownReason) {
        let sctp = Int32(IPPROTO_SCTP)
        let on: Int32 = 1
        guard usrsctp_set_non_blocking(socket, 1) == 0 else {
            throw .failed(operation: "usrsctp_set_non_blocking", errno: errno)
        }
        // Closing frees the association at once instead of lingering in a process-wide list.
        try set(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0), "SO_LINGER")
        try set(SOL_SOCKET, SO_SNDBUF, Self.bufferBytes, "SO_SNDBUF")
        try set(SOL_SOCKET, SO_RCVBUF, Self.bufferBytes, "SO_RCVBUF")
        try set(sctp, SCTP_NODELAY, on, "SCTP_NODELAY")
        let reset = sctp_assoc_value(assoc_id: sctp_assoc_t(SCTP_ALL_ASSOC), assoc_value: 1)
        try set(sctp, SCTP_ENABLE_STREAM_RESET, reset, "SCTP_ENABLE_STREAM_RESET")
        for type in [SCTP_ASSOC_CHANGE, SCTP_STREAM_RESET_EVENT, SCTP_SHUTDOWN_EVENT] {
            var event = sctp_event()
            event.se_assoc_id = sctp_assoc_t(SCTP_ALL_ASSOC)
            event.se_type = UInt16(type)
            event.se_on = 1
            try set(sctp, SCTP_EVENT, event, "SCTP_EVENT")
        }
        var initial = sctp_initmsg()
        initial.sinit_num_ostreams = DataNegotiation.streams
        initial.sinit_max_instreams = DataNegotiation.streams
        try set(sctp, SCTP_INITMSG, initial, "SCTP_INITMSG")
    }

    private func send(_ message: SCTPMessage) -> Bool {
        var info = sctp_sendv_spa()
        info.sendv_sndinfo.snd_sid = message.stream
        info.sendv_sndinfo.snd_ppid = message.payloadProtocol.bigEndian
        info.sendv_sndinfo.snd_flags = UInt16(SCTP_EOR)
        info.sendv_flags = UInt32(SCTP_SEND_SNDINFO_VALID)
        return message.bytes.withUnsafeBytes { bytes in
            usrsctp_sendv(
                socket, bytes.baseAddress, bytes.count, nil, 0, &info,
                socklen_t(MemoryLayout<sctp_sendv_spa>.size), UInt32(SCTP_SENDV_SPA), 0) >= 0
        }
    }

    private func address(port: UInt16) -> sockaddr_conn {
        var address = sockaddr_conn()
        address.sconn_family = UInt16(AF_CONN)
        address.sconn_port = port.bigEndian
        address.sconn_addr = id.address
        return address
    }

    private func withSocketAddress(
        _ address: inout sockaddr_conn, _ body: (UnsafeMutablePointer<sockaddr>?, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafeMutableBytes(of: &address) {
            body($0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count))
        }
    }

    private func set<Value: BitwiseCopyable>(_ level: Int32, _ option: Int32, _ value: Value, _ name: String)
        throws(SCTPDownReason)
    {
        var value = value
        let code = usrsctp_setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Value>.size))
        guard code == 0 else { throw .failed(operation: name, errno: errno) }
    }
}

extension SCTPDownReason: Error {}
