import CNice
import Glibc

/// The UDP sockets of an ICE agent, read before the agent reads them: it passes on neither where a packet came from nor
/// anything from an address it has not checked. What is not taken stays in the socket, for the agent.
///
/// Confined to one media loop, whose ticks read them.
final class MediaSockets {
    private static let bufferBytes = 2048
    /// What the kernel may hold of each socket between two looks, as far as the system allows: a flood of 60,000 datagrams a
    /// second takes 20 ms to fill it.
    private static let kernelBytes: Int32 = 1 << 20

    /// What becomes of the datagram at the head of a socket.
    enum Verdict { case take, leave }

    private struct Socket {
        let object: UnsafeMutablePointer<GSocket>
        /// Nil once it is polled no more.
        var token: UInt?
    }

    private let poll: SocketPoll
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferBytes, alignment: 8)
    private var sockets: [Socket] = []
    /// Whether the agent reads when it is served only; otherwise as soon as there is something.
    var agentRests = false
    private var isClosed = false
    private var isPaused = false
    /// Whether the agent does not read at all, as it would empty a socket that is to be read by measure.
    var isParked = false
    /// What the kernel had dropped when it was last asked.
    private var dropped: UInt32 = 0
    /// Looks at a datagram that may yet be left.
    private let judge: (UnsafeRawBufferPointer, DatagramPath) -> Verdict
    /// Gets what was taken and when it came; valid during the call, may be changed in place.
    private let receive: (UnsafeMutableRawBufferPointer, DatagramPath, ContinuousClock.Instant) -> Void
    /// When it came is what the kernel says, else when it was read.
    private let asksKernel: Bool

    init(
        poll: SocketPoll, asksKernel: Bool, judge: @escaping (UnsafeRawBufferPointer, DatagramPath) -> Verdict,
        receive: @escaping (UnsafeMutableRawBufferPointer, DatagramPath, ContinuousClock.Instant) -> Void
    ) {
        self.poll = poll
        self.asksKernel = asksKernel
        self.judge = judge
        self.receive = receive
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
            let index = sockets.count
            var room = Self.kernelBytes
            setsockopt(
                g_socket_get_fd(object), SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
            if asksKernel { _ = parley_stamp_arrivals(g_socket_get_fd(object)) }
            // Removed by `close`, without which none is released.
            let token = poll.add(g_socket_get_fd(object)) { [unowned(unsafe) self] in read(index) }
            sockets.append(Socket(object: object, token: token))
        }
    }

    /// Reads no more until it is told to; what comes meanwhile is kept by the kernel as far as it fits.
    func pause(_ isPaused: Bool) {
        guard isPaused != self.isPaused else { return }
        self.isPaused = isPaused
        for index in sockets.indices {
            guard let descriptor = descriptor(index), let token = sockets[index].token else { continue }
            poll.set(token, descriptor, isAsked: !isPaused)
        }
    }

    /// Datagrams that did not fit the sockets since this was last called.
    func takeDropped() -> Int {
        let now = sockets.indices.reduce(UInt32(0)) { $0 &+ (descriptor($1).map { parley_socket_drops($0) } ?? 0) }
        defer { dropped = now }
        return now > dropped ? Int(now - dropped) : 0
    }

    var isEmpty: Bool { sockets.isEmpty }

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
        for index in sockets.indices {
            let descriptor = descriptor(index)
            if let token = sockets[index].token { poll.remove(token, descriptor) }
            g_object_unref(sockets[index].object)
        }
        sockets = []
    }

    // MARK: Inside

    /// What stands at the head of a socket.
    private func read(_ index: Int) -> SocketPoll.Reading {
        guard !isPaused, let descriptor = descriptor(index), let (count, address, age) = peek(descriptor) else {
            return .nothing
        }
        let path = DatagramPath(socket: index, address: address)
        let datagram = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        guard case .take = judge(UnsafeRawBufferPointer(datagram), path) else {
            return agentRests ? .left : .nothing
        }
        var rest: UInt8 = 0
        _ = recv(descriptor, &rest, 1, Int32(MSG_DONTWAIT))
        receive(datagram, path, .now - age)
        return .took
    }

    /// Length of the datagram at the head, cut at the buffer's, its sender, and how long it has waited as far as the kernel
    /// says; nil when there is none.
    private func peek(_ descriptor: Int32) -> (Int, SocketAddress, Duration)? {
        withUnsafeTemporaryAllocation(byteCount: SocketAddress.maxBytes, alignment: 8) { name in
            var length = socklen_t(SocketAddress.maxBytes)
            var age: Int64 = 0
            let count =
                asksKernel
                ? parley_peek_stamped(descriptor, buffer.baseAddress, buffer.count, name.baseAddress, &length, &age)
                : recvfrom(
                    descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT | MSG_PEEK),
                    name.assumingMemoryBound(to: sockaddr.self).baseAddress, &length)
            guard count >= 0, length <= SocketAddress.maxBytes,
                let address = SocketAddress(UnsafeRawBufferPointer(rebasing: name[..<Int(length)]))
            else { return nil }
            return (count, address, .nanoseconds(max(0, age)))
        }
    }

    /// Nil once the agent has closed the socket, which is then polled no more: its number may be another's.
    private func descriptor(_ index: Int) -> Int32? {
        guard sockets.indices.contains(index), let token = sockets[index].token else { return nil }
        guard g_socket_is_closed(sockets[index].object) == 0 else {
            poll.remove(token, nil)
            sockets[index].token = nil
            return nil
        }
        return g_socket_get_fd(sockets[index].object)
    }
}
