import RealtimeProtocol
import SessionEngine

/// The connection: opened, lost, opened again with the conversation.
extension UpstreamMachine {
    var isOpen: Bool {
        if case .open = link { true } else { false }
    }

    mutating func connect() {
        link = .connecting
        act(.connect(endpoint: attempts.endpoint))
    }

    mutating func connected() {
        guard link == .connecting else { return act(.disconnect) }
        link = .greeting(until: now + settings.greetingDeadline)
    }

    mutating func notConnected(_ failure: EngineFailure) {
        guard link == .connecting else { return }
        lost(failure)
    }

    mutating func disconnected() {
        switch link {
        case .greeting, .open: lost(.brokenOff)
        case .none, .connecting, .waiting: break
        }
    }

    mutating func linkDeadlineCame() {
        switch link {
        case .greeting(let until) where now >= until: drop(.brokenOff)
        case .waiting(let until) where now >= until: connect()
        default: break
        }
    }

    /// Ends the connection from our side, to go on with another.
    mutating func drop(_ failure: EngineFailure) {
        act(.disconnect)
        lost(failure)
    }

    private mutating func lost(_ failure: EngineFailure) {
        act(.count(.lost(failure.code)))
        if case .open(let since) = link { attempts.lost(openSince: since, now: now) }
        if unsaidGreeting != nil {
            // Clients have not heard of a session: the next connection is the first again.
            (unsaidGreeting, session) = (nil, nil)
        }
        concludeResponses()
        let patience = attempts.hasSucceeded ? settings.patience : settings.firstPatience
        guard let due = attempts.next(after: failure, now: now, patience: patience) else {
            tell(.error(ProtocolError(.server, code: failure.code, failure.message)))
            return end(.internalError("upstream: \(failure.code)"))
        }
        if due <= now { connect() } else { link = .waiting(until: due) }
    }

    /// The upstream's `session.created`.
    mutating func greeted(_ event: RelayedEvent) {
        guard case .greeting = link else { return }
        link = .open(since: now)
        carried = []
        expectedUpdates = 0
        isUserSpeaking = false
        if session == nil { begin(event) } else { takeUp() }
        attempts.succeeded()
        for request in held { forward(request) }
        held = []
    }

    /// The first connection: the client's configuration is the upstream's before the client hears of a session.
    private mutating func begin(_ event: RelayedEvent) {
        let session = event.object("session") ?? JSONObject()
        self.session = session
        var initial = limited(settings.initial)
        if transports.hasPeer {
            initial = UpstreamSettings.withoutFormats(initial)
            if !UpstreamSettings.hasPeerFormats(session) { initial = UpstreamSettings.withPeerFormats(initial) }
        }
        if initial.isEmpty {
            relay(withShownSession(event))
        } else {
            unsaidGreeting = event
            update(initial)
        }
        for request in unanswered.takeAll(now: now) { forward(request) }
        for event in tail.events { act(.send(event)) }
    }

    /// A later connection: the upstream gets what it was before, and clients hear nothing of it.
    private mutating func takeUp() {
        isBridged = true
        act(.count(.resumed))
        update(UpstreamSettings.update(from: session ?? JSONObject()))
        for item in conversation.creations {
            if let id = item["id"]?.string { carried.insert(id) }
            act(.send(RelayedEvent("conversation.item.create", [("event_id", ownEventID()), ("item", .object(item))])))
        }
        let requests = unanswered.takeAll(now: now)
        for request in requests { forward(request) }
        for event in tail.events { act(.send(event)) }
        if let resumption, !requests.contains(where: { $0.type == "response.create" }) { forward(resumption) }
        resumption = nil
    }

    private mutating func update(_ settings: JSONObject) {
        guard !settings.isEmpty else { return }
        expectedUpdates += 1
        act(.send(RelayedEvent("session.update", [("event_id", ownEventID()), ("session", .object(settings))])))
    }

    mutating func updated(_ event: RelayedEvent) {
        if let session = event.object("session") { self.session = session }
        guard expectedUpdates == 0 else {
            expectedUpdates -= 1
            return sayGreeting()
        }
        unanswered.answered(.update)
        relay(withShownSession(event))
    }

    /// The `session.created` that waited for the client's configuration, with it.
    mutating func sayGreeting() {
        guard let greeting = unsaidGreeting else { return }
        unsaidGreeting = nil
        relay(withShownSession(greeting.with("session", .object(session ?? JSONObject()))))
    }

    private func withShownSession(_ event: RelayedEvent) -> RelayedEvent {
        event.with("session", event.object("session").map { .object(shown($0)) })
    }
}

extension EngineFailure {
    static let upstreamExpired = EngineFailure(
        code: "engine_expired", message: "The upstream's session has come to its longest duration.")

    /// What an upstream said before it closed a connection that it did not take.
    init(refusal error: JSONObject) {
        let code = error["code"]?.string ?? ""
        switch code {
        case "invalid_api_key", "invalid_token", "authentication_error":
            self.init(code: "engine_unauthorized", message: "The upstream does not take this gateway's key.")
        case "model_not_found":
            self.init(code: "engine_model_not_found", message: "The upstream does not know the model.")
        case _ where error["type"]?.string == "invalid_request_error":
            self.init(code: "engine_refused", message: "The upstream does not take the session.")
        default: self.init(code: "engine_overloaded", message: "The upstream has no place for the session; try again.")
        }
    }
}
