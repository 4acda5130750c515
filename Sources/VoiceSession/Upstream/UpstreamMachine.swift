import AudioPipeline
import RealtimeProtocol
import SessionEngine

/// One session that is passed to an upstream, decided: what of each event goes where, what of the answer was heard, and how the
/// conversation survives its connection. Pure; time and identifiers are arguments.
package struct UpstreamMachine: Sendable {
    /// Requests that wait for a connection; what comes beyond is refused.
    static let maxHeldRequests = 256
    /// Responses at once, and their playouts.
    static let maxResponses = 64
    /// MCP servers whose addresses a client has named; what comes beyond has to be named anew.
    static let maxKnownServers = 64

    /// The connection to the upstream.
    enum Link: Equatable, Sendable {
        /// Before the first client.
        case none
        case connecting
        /// It is open, and the upstream has not said `session.created`.
        case greeting(until: ContinuousClock.Instant)
        case open(since: ContinuousClock.Instant)
        /// Between two attempts.
        case waiting(until: ContinuousClock.Instant)
    }

    let settings: UpstreamMachineConfiguration
    var transports = TransportTable()
    var link = Link.none
    var attempts: UpstreamAttempts
    var conversation = CarriedConversation()
    var unanswered = UnansweredRequests()
    var held: [RelayedEvent] = []
    var tail = InputTail()
    /// The session as the upstream has it; nil before the first connection.
    var session: JSONObject?
    /// Whether this connection took a conversation up.
    var isBridged = false
    /// Items that the upstream was given, which clients know.
    var carried: Set<String> = []
    /// `session.updated` that answer us.
    var expectedUpdates = 0
    /// The first `session.created`, until the upstream has taken the client's configuration.
    var unsaidGreeting: RelayedEvent?
    var isUserSpeaking = false
    var responses: [UpstreamResponse] = []
    var playouts: [UpstreamPlayout] = []
    var lastPlayout: (generation: UInt64, response: String?) = (0, nil)
    /// How an answer that was cut goes on; nil for none.
    var resumption: RelayedEvent?
    /// MCP servers that a label alone means.
    var knownServers: [MCPTool]
    var spending: Spending
    /// Of the last answer; the next has at least as much to read.
    var lastInput = Usage.Details()
    /// Of the input being handled.
    var now: ContinuousClock.Instant
    private var isClosed = false
    private var ownEvents = 0
    private var effects: [UpstreamEffect] = []
    private let expiry: ContinuousClock.Instant?

    package init(_ settings: UpstreamMachineConfiguration, now: ContinuousClock.Instant) {
        self.settings = settings
        self.now = now
        attempts = UpstreamAttempts(endpoints: settings.endpoints)
        knownServers = settings.servers
        spending = Spending(settings.spending)
        expiry = settings.maxDuration.map { now + $0 }
    }

    /// When `UpstreamInput.deadline` is due; nil for never.
    package var nextDeadline: ContinuousClock.Instant? {
        guard !isClosed else { return nil }
        switch link {
        case .greeting(let until), .waiting(let until): return min(until, expiry ?? until)
        case .none, .connecting, .open: return expiry
        }
    }

    /// Takes one input; what is to be done about it, in order. After `.closed` there is nothing more to do.
    package mutating func handle(_ input: UpstreamInput, now: ContinuousClock.Instant) -> [UpstreamEffect] {
        guard !isClosed else { return [] }
        self.now = max(self.now, now)
        effects = []
        dispatch(input)
        if !isClosed { reviewSpending() }
        defer { effects = [] }
        return effects
    }

    private mutating func dispatch(_ input: UpstreamInput) {
        switch input {
        case .attached(let transport, let kind): attach(transport, kind)
        case .detached(let transport, let departure): detach(transport, departure)
        case .client(let event, let transport): client(event, from: transport)
        case .rejected(let error, let transport): tell(.error(error), to: .only(transport))
        case .spoken(let event): append(event)
        case .connected: connected()
        case .notConnected(let failure): notConnected(failure)
        case .disconnected: disconnected()
        case .upstream(let event, let sound): upstream(event, sound)
        case .played(let generation, let samples): played(generation, samples)
        case .allowance(let left, let renews): spending.share(left: left, renews: renews)
        case .deadline: deadlineCame()
        case .end(let reason): end(reason)
        }
    }

    private mutating func deadlineCame() {
        if let expiry, now >= expiry { return end(.expired) }
        linkDeadlineCame()
    }

    // MARK: Transports

    private mutating func attach(_ transport: TransportID, _ kind: TransportKind) {
        guard !transports.contains(transport) else { return }
        guard !transports.isFull else { return act(.close(transport, .overrun)) }
        transports.attach(transport, kind)
        if let session, unsaidGreeting == nil {
            relay(RelayedEvent("session.created", [("session", .object(shown(session)))]), to: .only(transport))
        }
        if link == .none { connect() }
    }

    /// A session lives as long as one of its clients is there; a sideband is none.
    private mutating func detach(_ transport: TransportID, _ departure: SessionInput.Departure) {
        guard transports.detach(transport) else { return }
        guard transports.hasPrincipal else { return end(departure == .overrun ? .overrun : .clientLeft) }
        if !transports.hasPeer { playouts = [] }
    }

    /// The one way a session ends.
    mutating func end(_ reason: SessionEndReason) {
        if reason == .expired { tell(.error(.sessionExpired(settings.maxDuration ?? .zero))) }
        for playout in playouts { act(.discardPlayout(playout.generation)) }
        act(.disconnect)
        for transport in transports.all { act(.close(transport, reason)) }
        act(.closed(reason))
        transports.removeAll()
        isClosed = true
    }

    // MARK: Effects

    mutating func act(_ effect: UpstreamEffect) { effects.append(effect) }

    mutating func tell(_ event: ServerEvent, to audience: SessionEffect.Audience = .everyone) {
        guard !transports.isEmpty else { return }
        act(.tell(event, to: audience))
    }

    mutating func relay(_ event: RelayedEvent, to audience: SessionEffect.Audience = .everyone) {
        guard !transports.isEmpty else { return }
        act(.relay(event, to: audience))
    }

    /// The name of an event of our own; the upstream's answer to it is not the client's.
    mutating func ownEventID() -> JSONValue {
        ownEvents &+= 1
        return .string(OwnEventID.prefix + String(ownEvents))
    }

    /// The name of a client's event that has none, so that a refusal can be told from others.
    mutating func lentEventID() -> JSONValue {
        ownEvents &+= 1
        return .string(OwnEventID.lentPrefix + String(ownEvents))
    }

    /// A session of the upstream under the names clients know it by.
    func shown(_ session: JSONObject) -> JSONObject {
        var shown = session
        shown["id"] = .string(settings.session.rawValue)
        if shown["model"] != nil { shown["model"] = .string(settings.model) }
        let seconds = settings.maxDuration.map { Int($0.components.seconds) } ?? SessionMachine.unlimitedSeconds
        shown["expires_at"] = .integer(settings.startedAt &+ seconds)
        return shown
    }
}

/// Names that the gateway gives to events for an upstream.
enum OwnEventID {
    static let prefix = "parley_own_"
    static let lentPrefix = "parley_lent_"

    static func isOwn(_ id: String) -> Bool { id.utf8.starts(with: prefix.utf8) }
    static func isLent(_ id: String) -> Bool { id.utf8.starts(with: lentPrefix.utf8) }
}
