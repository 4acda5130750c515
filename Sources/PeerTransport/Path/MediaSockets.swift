import CNice
import Glibc

/// The UDP sockets of an ICE agent, read before the agent reads them: it passes on neither where a packet came from nor
/// anything from an address it has not checked. What is not taken stays in the socket, for the agent.
///
/// Confined to one media loop. Made before the agent's own sources are, since a loop serves sources in the order of
/// their attachment.
final class MediaSockets {
    /// Datagrams of one socket and turn of the loop; the agent has the rest.
    private static let maxPerTurn = 64
    private static let bufferBytes = 2048

    /// What becomes of the datagram at the head of a socket.
    enum Verdict { case take, leave }

    private struct Socket {
        let object: UnsafeMutablePointer<GSocket>
        /// Nil once it is polled no more.
        var tag: gpointer?
    }

    private let source = LoopSource()
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferBytes, alignment: 8)
    private var sockets: [Socket] = []
    private var isClosed = false
    /// Looks at a datagram that may yet be left.
    private let judge: (UnsafeRawBufferPointer, DatagramPath) -> Verdict
    /// Gets what was taken; valid during the call, may be changed in place.
    private let receive: (UnsafeMutableRawBufferPointer, DatagramPath) -> Void

    init(
        context: OpaquePointer, judge: @escaping (UnsafeRawBufferPointer, DatagramPath) -> Verdict,
        receive: @escaping (UnsafeMutableRawBufferPointer, DatagramPath) -> Void
    ) {
        self.judge = judge
        self.receive = receive
        source.attach(to: context) { [weak self] in self?.readAll() }
    }

    deinit {
        precondition(isClosed, "media sockets are closed before they are released")
        buffer.deallocate()
    }

    /// Begins to read the datagram sockets among `objects`, whose references it takes over. Once.
    func open(_ objects: [UnsafeMutablePointer<GSocket>]) {
        for object in objects {
            guard !isClosed, g_socket_get_socket_type(object) == G_SOCKET_TYPE_DATAGRAM else {
                g_object_unref(object)
                continue
            }
            sockets.append(Socket(object: object, tag: source.add(g_socket_get_fd(object))))
        }
    }

    /// The place of `object` among the sockets; nil when it is none of them.
    func index(of object: UnsafeMutablePointer<GSocket>) -> Int? { sockets.firstIndex { $0.object == object } }

    /// False when the socket is full or closed.
    func send(_ bytes: UnsafeRawBufferPointer, on path: DatagramPath) -> Bool {
        guard let descriptor = descriptor(path.socket) else { return false }
        return path.address.withSockaddr {
            sendto(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT), $0, $1) == bytes.count
        }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        source.end()
        for socket in sockets { g_object_unref(socket.object) }
        sockets = []
    }

    // MARK: Inside

    private func readAll() {
        for index in sockets.indices {
            for _ in 0..<Self.maxPerTurn {
                guard readOne(index) else { break }
            }
        }
    }

    /// False when nothing more is to be taken from this socket now.
    private func readOne(_ index: Int) -> Bool {
        // What was received before may have ended the call.
        guard let descriptor = descriptor(index) else { return false }
        guard let (count, address) = peek(descriptor) else { return false }
        let path = DatagramPath(socket: index, address: address)
        let datagram = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        guard case .take = judge(UnsafeRawBufferPointer(datagram), path) else { return false }
        var rest: UInt8 = 0
        _ = recv(descriptor, &rest, 1, Int32(MSG_DONTWAIT))
        receive(datagram, path)
        return true
    }

    /// Length of the datagram at the head, cut at the buffer's, and its sender; nil when there is none.
    private func peek(_ descriptor: Int32) -> (Int, SocketAddress)? {
        withUnsafeTemporaryAllocation(byteCount: SocketAddress.maxBytes, alignment: 8) { name in
            var length = socklen_t(SocketAddress.maxBytes)
            let count = recvfrom(
                descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT | MSG_PEEK),
                name.assumingMemoryBound(to: sockaddr.self).baseAddress, &length)
            guard count > 0, length <= SocketAddress.maxBytes,
                let address = SocketAddress(UnsafeRawBufferPointer(rebasing: name[..<Int(length)]))
            else { return nil }
            return (count, address)
        }
    }

    /// Nil once the agent has closed the socket, which is then polled no more: its number may be another's.
    private func descriptor(_ index: Int) -> Int32? {
        guard sockets.indices.contains(index), let tag = sockets[index].tag else { return nil }
        guard g_socket_is_closed(sockets[index].object) == 0 else {
            source.remove(tag)
            sockets[index].tag = nil
            return nil
        }
        return g_socket_get_fd(sockets[index].object)
    }
}
