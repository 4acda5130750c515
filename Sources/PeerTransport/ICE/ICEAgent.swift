import CNice
import Wire

/// What ICE reports to its peer, on the peer's loop.
enum ICEEvent {
    case gatheringDone
    case connected
    /// Every pair failed after one had worked.
    case failed
    /// Not STUN; valid during the call, may be changed in place. `from` is nil where the agent alone knows the way.
    case datagram(UnsafeMutableRawBufferPointer, from: DatagramPath?, at: ContinuousClock.Instant)
    /// The peer proved that it is at another address: packets go there now.
    case moved
}

/// The only owner of a libnice agent: one stream, one component (bundle and rtcp-mux). Confined to one media loop.
///
/// libnice's callbacks carry an integer id, looked up in a table, so that one that comes late finds nothing.
final class ICEAgent {
    enum Failure: Error, Equatable {
        case creation
        case badAddress(String)
        case gathering
        case remoteDescription
    }

    static let component: guint = 1

    let agent: OpaquePointer
    let stream: guint
    private let loop: MediaLoop
    private let id: UInt
    let onEvent: (ICEEvent) -> Void
    private let isControlling: Bool
    var media: MediaSockets?
    /// Between two checks of one agent: the least that RFC 8445 §14.2 allows, as the first check comes after one. A call's set-up
    /// is shorter by what libnice's 20 ms are more.
    private static let checkIntervalMs: Int32 = 5

    /// A check that gets no answer is sent again after this time, doubled each time. Left to itself libnice gives a path up after
    /// three checks, which a fifth of lost packets brings to one call in twenty; these last longer than a set-up may.
    private static let checkTimeoutMs: Int32 = 200
    private static let checkRepeats: Int32 = 8

    var follower = PathFollower(now: .now)
    /// Known with the peer's credentials.
    var checks: [STUNCheck] = []
    private var wasConnected = false
    private var isClosed = false

    /// `controlling`: the side that made the offer (RFC 8445 §6.1.1). `onEvent` is called on the loop, never after
    /// `close`.
    init(
        loop: MediaLoop, controlling: Bool, configuration: ICEConfiguration, onEvent: @escaping (ICEEvent) -> Void
    ) throws(Failure) {
        // Without libnice's consent checks: it gives a path up when two of them are lost, which a fifth of lost packets
        // brings within a minute. PeerMachine goes by what the peer authenticates.
        guard let agent = nice_agent_new_full(loop.context, NICE_COMPATIBILITY_RFC5245, NICE_AGENT_OPTION_NONE) else {
            throw .creation
        }
        parley_g_object_set_int(agent.gobject, "controlling-mode", controlling ? 1 : 0)
        parley_g_object_set_int(agent.gobject, "upnp", 0)
        parley_g_object_set_int(agent.gobject, "stun-pacing-timer", Self.checkIntervalMs)
        parley_g_object_set_int(agent.gobject, "stun-initial-timeout", Self.checkTimeoutMs)
        parley_g_object_set_int(agent.gobject, "stun-max-retransmissions", Self.checkRepeats)
        parley_g_object_set_int(agent.gobject, "ice-tcp", configuration.tcp ? 1 : 0)
        if let server = configuration.stunServer {
            parley_g_object_set_string(agent.gobject, "stun-server", server.host)
            parley_g_object_set_int(agent.gobject, "stun-server-port", Int32(server.port))
        }
        self.loop = loop
        self.agent = agent
        self.onEvent = onEvent
        isControlling = controlling
        stream = nice_agent_add_stream(agent, 1)
        id = ICEAgentTable.makeID()
        ICEAgentTable.insert(self, id)
        // They are closed, and call no more, before the agent goes.
        media = MediaSockets(
            poll: loop.sockets, asksKernel: configuration.timesArrivalsByKernel,
            judge: { [unowned(unsafe) self] datagram, path in judge(datagram, path) },
            receive: { [unowned(unsafe) self] datagram, path, arrival in receive(datagram, path, arrival) })
        connectSignals()
        attach(to: loop.context)
        try addAddresses(configuration)
    }

    deinit { precondition(isClosed, "an ICE agent is closed before it is released") }

    // MARK: Local

    var localCredentials: (usernameFragment: String, password: String)? {
        var fragment: UnsafeMutablePointer<CChar>?
        var password: UnsafeMutablePointer<CChar>?
        guard nice_agent_get_local_credentials(agent, stream, &fragment, &password) != 0, let fragment, let password
        else { return nil }
        defer {
            g_free(fragment)
            g_free(password)
        }
        return (String(cString: fragment), String(cString: password))
    }

    /// Begins to gather; host candidates are there at once, `.gatheringDone` says when servers have answered.
    func gather() throws(Failure) {
        guard nice_agent_gather_candidates(agent, stream) != 0 else { throw .gathering }
    }

    /// Candidates so far as SDP values, without `a=`. Active TCP ones are for our own use: nobody can reach them.
    var localCandidates: [String] {
        let list = nice_agent_get_local_candidates(agent, stream, Self.component)
        defer { g_slist_free_full(list) { nice_candidate_free($0?.assumingMemoryBound(to: NiceCandidate.self)) } }
        var lines: [String] = []
        var node = list
        while let current = node {
            if let candidate = current.pointee.data?.assumingMemoryBound(to: NiceCandidate.self),
                candidate.pointee.transport != NICE_CANDIDATE_TRANSPORT_TCP_ACTIVE,
                let text = nice_agent_generate_local_candidate_sdp(agent, candidate)
            {
                lines.append(String(String(cString: text).dropFirst("a=".count)))
                g_free(text)
            }
            node = current.pointee.next
        }
        return lines
    }

    // MARK: Remote

    /// Starts checks. Unusable candidates are skipped; with none at all the peer is found by its own checks.
    func setRemote(_ remote: ICEParameters) throws(Failure) {
        guard nice_agent_set_remote_credentials(agent, stream, remote.usernameFragment, remote.password) != 0 else {
            throw .remoteDescription
        }
        let check = STUNCheck(
            localFragment: localCredentials?.usernameFragment ?? "", remoteFragment: remote.usernameFragment,
            remotePassword: remote.password, isControlling: isControlling, tieBreaker: .random(in: .min ... .max))
        // The one of before may be all that the peer has: the answer to its restart may be lost.
        checks = checks.prefix(1) + [check]
        var list: UnsafeMutablePointer<GSList>?
        for line in remote.candidates {
            guard let candidate = nice_agent_parse_remote_candidate_sdp(agent, stream, "a=" + line) else { continue }
            list = g_slist_append(list, candidate)
        }
        defer { g_slist_free_full(list) { nice_candidate_free($0?.assumingMemoryBound(to: NiceCandidate.self)) } }
        guard nice_agent_set_remote_candidates(agent, stream, Self.component, list) >= 0 else {
            throw .remoteDescription
        }
    }

    /// New credentials on both sides and new checks, while packets take the old path. Returns ours.
    func restart(_ remote: ICEParameters) throws(Failure) -> (usernameFragment: String, password: String) {
        guard nice_agent_restart_stream(agent, stream) != 0, let credentials = localCredentials else {
            throw .remoteDescription
        }
        // If nothing comes of it, the old path still carries the call.
        wasConnected = false
        try setRemote(remote)
        return credentials
    }

    /// Sends to where the peer is, by libnice where there is no direct way; false when there is none or the socket is full.
    func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !isClosed, let base = bytes.assumingMemoryBound(to: CChar.self).baseAddress else { return false }
        if let path = follower.path { return media?.send(bytes, on: path) == true }
        return nice_agent_send(agent, stream, Self.component, guint(clamping: bytes.count), base) == bytes.count
    }

    // MARK: The end

    /// Frees everything, idempotently: signals and receiver go first, the agent itself only when its own asynchronous
    /// goodbyes (TURN) are done, on a later turn of the loop.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        ICEAgentTable.remove(id)
        media?.close()
        let data = UnsafeMutableRawPointer(bitPattern: id)
        g_signal_handlers_disconnect_matched(agent.gobject, G_SIGNAL_MATCH_DATA, 0, 0, nil, nil, data)
        // Where they are, as all sockets would be attached anew elsewhere, on the way to being closed.
        let context = media?.agentRests == true ? loop.restingContext : loop.context
        nice_agent_attach_recv(agent, stream, Self.component, context, nil, nil)
        nice_agent_remove_stream(agent, stream)
        nice_agent_close_async(agent, { source, _, _ in g_object_unref(source) }, nil)
    }

    // MARK: Inside

    private func connectSignals() {
        let data = UnsafeMutableRawPointer(bitPattern: id)
        let stateChanged:
            @convention(c) (UnsafeMutableRawPointer?, guint, guint, guint, UnsafeMutableRawPointer?) -> Void = {
                _, _, _, state, data in ICEAgentTable.find(data)?.stateChanged(state)
            }
        let gatheringDone: @convention(c) (UnsafeMutableRawPointer?, guint, UnsafeMutableRawPointer?) -> Void = {
            _, _, data in ICEAgentTable.find(data)?.onEvent(.gatheringDone)
        }
        let pairSelected:
            @convention(c) (
                UnsafeMutableRawPointer?, guint, guint, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?,
                UnsafeMutableRawPointer?
            ) -> Void = { _, _, _, _, _, data in ICEAgentTable.find(data)?.pairSelected() }
        let flags = GConnectFlags(rawValue: 0)
        g_signal_connect_data(
            agent.gobject, "component-state-changed", unsafeBitCast(stateChanged, to: GCallback.self), data, nil, flags)
        g_signal_connect_data(
            agent.gobject, "candidate-gathering-done", unsafeBitCast(gatheringDone, to: GCallback.self), data, nil,
            flags)
        g_signal_connect_data(
            agent.gobject, "new-selected-pair-full", unsafeBitCast(pairSelected, to: GCallback.self), data, nil, flags)
    }

    /// Lets `context` serve libnice's sockets.
    private func attach(to context: OpaquePointer) {
        nice_agent_attach_recv(
            agent, stream, Self.component, context,
            { _, _, _, count, bytes, data in
                guard let bytes, let agent = ICEAgentTable.find(data) else { return }
                let datagram = UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))
                agent.onEvent(.datagram(datagram, from: nil, at: .now))
            }, UnsafeMutableRawPointer(bitPattern: id))
    }

    /// While packets come in directly they are read by `media`, and libnice's sockets rest; otherwise libnice reads all. On a
    /// later turn, since what comes here may come from one of those sockets.
    func restWhileDirect() {
        loop.execute { [id] in
            guard let agent = ICEAgentTable.find(UnsafeMutableRawPointer(bitPattern: id)) else { return }
            let rests = agent.follower.agentIsDirect
            let isParked = rests && agent.media?.isParked == true
            let served = rests ? agent.loop.restingContext : agent.loop.context
            agent.attach(to: isParked ? agent.loop.parkedContext : served)
            agent.media?.agentRests = rests && !isParked
        }
    }

    private func stateChanged(_ state: guint) {
        switch state {
        case NICE_COMPONENT_STATE_CONNECTED.rawValue, NICE_COMPONENT_STATE_READY.rawValue:
            wasConnected = true
            onEvent(.connected)
        // Before the first success a late check of the peer may still connect: the set-up deadline decides. By UDP
        // the peer may be heard again, from here or elsewhere: its silence decides.
        case NICE_COMPONENT_STATE_FAILED.rawValue where wasConnected && !follower.agentIsDirect: onEvent(.failed)
        default: break
        }
    }

    private func addAddresses(_ configuration: ICEConfiguration) throws(Failure) {
        if let range = configuration.portRange {
            nice_agent_set_port_range(agent, stream, Self.component, guint(range.lowerBound), guint(range.upperBound))
        }
        for server in configuration.turnServers {
            let type =
                switch server.transport {
                case .udp: NICE_RELAY_TYPE_TURN_UDP
                case .tcp: NICE_RELAY_TYPE_TURN_TCP
                }
            nice_agent_set_relay_info(
                agent, stream, Self.component, server.host, guint(server.port), server.username, server.password, type)
        }
        for text in configuration.localAddresses() {
            var address = NiceAddress()
            nice_address_init(&address)
            guard nice_address_set_from_string(&address, text) != 0 else {
                close()
                throw .badAddress(text)
            }
            nice_agent_add_local_address(agent, &address)
        }
    }
}

extension OpaquePointer {
    /// As GObject's functions take it.
    var gobject: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self) }
}
