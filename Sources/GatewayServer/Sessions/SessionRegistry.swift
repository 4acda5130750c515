package import Logging
import Metrics
package import RealtimeProtocol
package import VoiceSession

/// Every session of the process: makes their drivers, counts them against the limit, finds that of a call or of a client that
/// comes back.
package actor SessionRegistry {
    package typealias MakeDriver =
        @Sendable (SessionID, SessionConfiguration, SessionOwner, Logger) throws(ProtocolError) ->
        any SessionDriver

    /// `error.code` when there are `session.max-count` sessions already.
    static let fullCode = "sessions_full"
    /// When the server is stopping.
    static let stoppingCode = "not_ready"
    /// When this machine has no time for another.
    static let overloadedCode = "server_overloaded"

    private let makeDriver: MakeDriver
    /// Names of the engines; the first is that of a session that names none.
    nonisolated let models: [String]
    private let maxCount: Int
    private let grace: Duration
    private let overload: @Sendable () -> String?
    nonisolated let journal: Journal?
    private let log: Logger
    private var sessions: [SessionID: RegisteredSession] = [:]
    private var calls: [CallID: SessionID] = [:]
    private var tokens: [String: SessionID] = [:]
    private var whenEmpty: [Int: CheckedContinuation<Void, Never>] = [:]
    private var waiters = 0
    private var isDraining = false
    private let running = Gauge(label: "gateway_sessions")
    private let refused = Counter(label: "gateway_resumptions_total", dimensions: [("outcome", "refused")])

    /// - Parameters:
    ///   - models: names of the engines, the default first.
    ///   - maxCount: sessions at once; 0 for no limit.
    ///   - grace: how long a session waits for a client that was lost; zero for not at all.
    ///   - journal: what keeps what passes; nil for nothing.
    ///   - overload: why this machine cannot take another session now, in words; nil when it can.
    package init(
        makeDriver: @escaping MakeDriver, models: [String], maxCount: Int, grace: Duration = .zero,
        overload: @escaping @Sendable () -> String? = { nil }, journal: Journal? = nil, logger: Logger
    ) {
        self.makeDriver = makeDriver
        self.models = models
        self.maxCount = maxCount
        self.grace = grace
        self.overload = overload
        self.journal = journal
        log = logger
        running.record(0)
    }

    /// Sessions now, those that wait for their clients among them.
    var count: Int { sessions.count }

    // MARK: Entering

    /// A new session, counted from now on; `call` is a name to find it by.
    package func open(_ start: SessionStart, as call: CallID? = nil) throws(ProtocolError) -> SessionEntry {
        let configuration = try start.configuration(defaultModel: models.first ?? "")
        guard maxCount == 0 || sessions.count < maxCount else {
            throw ProtocolError(
                .server, code: Self.fullCode, "The server has no place for another session (session.max-count).")
        }
        guard !isDraining else { throw ProtocolError(.server, code: Self.stoppingCode, "The server is stopping.") }
        if let words = overload() { throw ProtocolError(.server, code: Self.overloadedCode, words) }
        let id = SessionID(RandomName.make(prefix: "sess_"))
        let driver = try makeDriver(id, configuration, start.caller.owner, logger(of: id))
        sessions[id] = RegisteredSession(driver: driver, owner: start.caller)
        running.record(sessions.count)
        journal?.begin(id, call: call)
        if let call { name(id, call) }
        return SessionEntry(session: id, way: .new(driver))
    }

    /// The place of a client that was lost, for the same caller. Its token is good until its new connection stands.
    package func open(
        _ request: ResumeRequest, by caller: Caller, as call: CallID? = nil
    ) throws(ProtocolError) -> SessionEntry {
        guard let id = tokens[request.token], let session = sessions[id], caller.mayResume(sessionOf: session.owner),
            let driver = session.driver as? any ResumableDriver
        else {
            refused.increment()
            throw .badResumeToken
        }
        if let call { name(id, call) }
        let offer = ResumeOffer(token: makeToken(id, for: request.token), grace: grace)
        return SessionEntry(session: id, way: .back(.init(driver: driver, offer: offer, request: request)))
    }

    /// What was opened is not entered: the connection could not be set up.
    package func abandon(_ entry: SessionEntry) {
        if case .new = entry.way { ended(entry.session) }
    }

    /// Takes part in the session by a transport; returns when that has ended, and the session too unless it may be resumed. Throws
    /// where a session that was to be resumed has ended meanwhile.
    nonisolated func run(_ entry: SessionEntry, on client: any ClientTransport) async throws(ProtocolError) {
        let file = journal?.file(of: entry.session)
        let transport = file.map { JournaledTransport(base: client, file: $0) } ?? client
        switch entry.way {
        case .back(let back):
            let isBack = await back.driver.resume(transport, offering: back.offer, after: back.request.after)
            if !isBack { throw .badResumeToken }
        case .new(let driver):
            if transport.profile.wantsExtensions, transport.maxMessageBytes > 0, grace > .zero,
                let driver = driver as? any ResumableDriver
            {
                await host(driver, entry.session, transport)
                await transport.closed()
            } else {
                await driver.run(transport)
                await ended(entry.session)
            }
        }
    }

    /// The connection that the token was given back for stands: it is used up.
    func spend(_ token: String) {
        guard let id = tokens.removeValue(forKey: token) else { return }
        sessions[id]?.spend(token)
    }

    // MARK: Sessions of calls

    /// For a sideband (RT-035). A client secret reaches only the calls that it made.
    func driver(ofCall name: String, for caller: Caller) throws(ProtocolError) -> any SessionDriver {
        guard let id = CallID(name), let session = session(of: id), caller.mayReach(callOf: session.owner) else {
            throw ProtocolError(code: "call_not_found", "There is no such call.", param: "call_id")
        }
        return session.driver
    }

    /// Whether the caller may end this call.
    package func mayReach(_ call: CallID, _ caller: Caller) -> Bool {
        session(of: call).map { caller.mayReach(callOf: $0.owner) } ?? false
    }

    /// Ends the session of a call whose own connection is gone; false when it does not wait, nor was it resumed.
    func hangUp(_ call: CallID) async -> Bool {
        guard let driver = session(of: call)?.driver as? any ResumableDriver else { return false }
        await driver.hangUp()
        return true
    }

    // MARK: The end

    /// Lets no new session in any more; returns when none is left, or at once when cancelled.
    func drain() async {
        isDraining = true
        let waiter = waiters
        waiters += 1
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waiting: CheckedContinuation<Void, Never>) in
                guard !sessions.isEmpty, !Task.isCancelled else { return waiting.resume() }
                whenEmpty[waiter] = waiting
            }
        } onCancel: {
            Task { await self.forget(waiter) }
        }
    }

    private func forget(_ waiter: Int) { whenEmpty.removeValue(forKey: waiter)?.resume() }

    /// Ends the sessions that wait for their clients, and whatever else outlives its connection.
    func stop() async {
        let tasks = sessions.values.compactMap(\.task)
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    // MARK: Inside

    /// A session that may outlive its connection runs in a task of its own.
    private func host(_ driver: any ResumableDriver, _ id: SessionID, _ transport: any ClientTransport) {
        let offer = ResumeOffer(token: makeToken(id), grace: grace)
        sessions[id]?.task = Task {
            await driver.run(transport, offering: offer)
            ended(id)
        }
    }

    private func makeToken(_ id: SessionID, for presented: String? = nil) -> String {
        let token = RandomName.make(prefix: "resume_")
        for void in sessions[id]?.give(token, for: presented) ?? [] { tokens[void] = nil }
        tokens[token] = id
        return token
    }

    private func name(_ id: SessionID, _ call: CallID) {
        calls[call] = id
        if let forgotten = sessions[id]?.add(call) { calls[forgotten] = nil }
    }

    private func session(of call: CallID) -> RegisteredSession? { calls[call].flatMap { sessions[$0] } }

    private func ended(_ id: SessionID) {
        guard let session = sessions.removeValue(forKey: id) else { return }
        journal?.end(id)
        for call in session.calls { calls[call] = nil }
        for token in session.tokens { tokens[token] = nil }
        running.record(sessions.count)
        guard sessions.isEmpty else { return }
        for waiter in whenEmpty.values { waiter.resume() }
        whenEmpty = [:]
    }

    private nonisolated func logger(of session: SessionID) -> Logger {
        var logger = log
        logger[metadataKey: "session.id"] = "\(session.rawValue)"
        return logger
    }
}

/// A client's connection, whose end can be waited for.
protocol ClientTransport: SessionTransport {
    /// Returns when the connection is gone.
    func closed() async
}
