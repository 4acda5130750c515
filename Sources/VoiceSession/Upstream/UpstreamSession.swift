import AudioPipeline
import CoreMetrics
package import Logging
import RealtimeProtocol
package import SessionEngine
package import SpeechEngines
package import Tracing

/// Runs one session that an upstream answers: owns the session's machine and does what it says.
///
/// As `PipelineSession` does: whatever happens is one call of this actor, handled whole; work runs in child tasks of `run`, and
/// what a task brings after it was replaced or cancelled is dropped.
package actor UpstreamSession: MachineDriver {
    let clock: any MonotonicClock
    let log: Logger
    let metrics = SessionMetrics.shared

    let children = ChildTasks()
    var transports: [TransportID: AttachedTransport] = [:]
    // Input audio of a peer.
    var input = InputAudio()
    var sentUntil = AudioPosition(rawValue: 0)
    // Output audio for a peer.
    var speech = UpstreamSpeech()
    var speechWaiter: CheckedContinuation<Void, Never>?
    var socket: (any UpstreamSocket)?

    let endpoints: [UpstreamEndpoint]
    let connector: any UpstreamConnector
    let isTranscription: Bool
    private var machine: UpstreamMachine
    private var accounts: SessionAccounts
    private var trace: TurnTrace?
    private let charge: SessionCharge?
    private var identifiers = EventIdentifiers()
    private var nextTransport = 0
    var timerDeadline: ContinuousClock.Instant?
    /// Nil while the session runs.
    package private(set) var endReason: SessionEndReason?

    /// - Parameter endpoints: at least one; `machine.endpoints` counts them.
    package init(
        machine: UpstreamMachineConfiguration, isTranscription: Bool, endpoints: [UpstreamEndpoint],
        connector: any UpstreamConnector, prices: SessionPrices, charge: SessionCharge? = nil,
        clock: any MonotonicClock, tracer: any Tracer = InstrumentationSystem.tracer, logger: Logger
    ) {
        self.machine = UpstreamMachine(machine, now: clock.now)
        self.isTranscription = isTranscription
        self.endpoints = endpoints
        self.connector = connector
        self.clock = clock
        log = logger
        accounts = SessionAccounts(prices: prices, engine: machine.model, charge: charge)
        self.charge = charge
        trace = TurnTrace(session: machine.session.rawValue, model: machine.model, tracer: tracer)
    }

    // MARK: SessionDriver

    package func run(_ transport: any SessionTransport) async {
        metrics.started.increment()
        log.info("Session started", metadata: ["upstream": "\(endpoints.map(\.host).joined(separator: " "))"])
        let startedAt = clock.now
        await withDiscardingTaskGroup { group in
            watchAllowance(charge)
            join(transport, attachment: nil)
            for await task in children.started { ChildTasks.adopt(task, in: &group) }
            handle(.end(.shutdown))
            end(.shutdown)
        }
        let reason = endReason ?? .shutdown
        trace?.end()
        metrics.ended(reason.label)
        log.info("Session ended", metadata: accounts.metadata(reason, duration: startedAt.duration(to: clock.now)))
    }

    package func attach(_ transport: any SessionTransport) async {
        guard endReason == nil else { return transport.close(.clientLeft) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { join(transport, attachment: $0) }
        } onCancel: {
            transport.close(.shutdown)
        }
    }

    private func join(_ transport: any SessionTransport, attachment: CheckedContinuation<Void, Never>?) {
        let id = TransportID(rawValue: nextTransport)
        nextTransport += 1
        transports[id] = AttachedTransport(transport, attachment: attachment)
        if transport.profile.dialect == .beta {
            // An upstream speaks the current protocol, and its events are passed on as they are.
            tell(.error(.betaRefused), to: .only(id))
            transport.close(.clientLeft)
        }
        handle(.attached(id, transport.kind))
        startReading(transport, id)
    }

    // MARK: Inputs

    /// One input, and every effect of it.
    func handle(_ fact: UpstreamInput) {
        guard endReason == nil else { return }
        for effect in machine.handle(fact, now: clock.now) { perform(effect) }
        armTimer(machine.nextDeadline)
    }

    /// The result of a child task; false, and dropped, when the task is not the current one of its kind.
    @discardableResult
    func report(_ fact: UpstreamInput, _ ticket: ChildTicket) -> Bool {
        guard children.isCurrent(ticket) else {
            metrics.stale.increment()
            return false
        }
        handle(fact)
        return true
    }

    /// The last result of a child task.
    func finish(_ ticket: ChildTicket, _ fact: UpstreamInput) {
        guard children.isCurrent(ticket) else { return }
        children.ended(ticket)
        handle(fact)
    }

    // MARK: Effects

    private func perform(_ effect: UpstreamEffect) {
        switch effect {
        case .connect(let endpoint): connect(endpoints[min(endpoint, endpoints.count - 1)])
        case .disconnect: disconnect()
        case .send(let event):
            metrics.upstreamEventsOut.increment()
            socket?.send(event.bytes)
        case .relay(let event, let audience): relay(event, to: audience)
        case .tell(let event, let audience): tell(event, to: audience)
        case .play(let block, let generation): play(block, generation)
        case .drop(let block): speech.drop(block)
        case .endPlayout(let generation):
            speech.end(generation)
            wakeSpeech()
        case .discardPlayout(let generation): discard(generation)
        case .account(let usage): accounts.add(usage)
        case .accountTranscription(let usage): accounts.add(usage)
        case .count(let what): count(what)
        case .close(let transport, let reason): close(transport, reason)
        case .closed(let reason): end(reason)
        }
    }

    private func count(_ what: UpstreamCount) {
        metrics.count(what)
        switch what {
        case .lost(let code): log.notice("The upstream is lost", metadata: ["code": "\(code)"])
        case .resumed: log.notice("The conversation goes on in another session of the upstream")
        case .audioDropped: break
        case .refused: log.notice("The upstream refused an event of ours")
        }
    }

    /// The one end of the session.
    private func end(_ reason: SessionEndReason) {
        guard endReason == nil else { return }
        endReason = reason
        disconnect()
        children.cancelAll()
        for id in transports.keys { close(id, reason) }
        for attached in transports.values { attached.attachment?.resume() }
        transports = [:]
        wakeSpeech()
    }

    /// A session may end before its WebSocket was heard to be open; that hears why all the same.
    private func close(_ id: TransportID, _ reason: SessionEndReason) {
        if transports[id]?.kind != .peer { transports[id]?.open(0) }
        transports[id]?.transport.close(reason)
    }

    // MARK: Events out

    func tell(_ event: ServerEvent, to audience: SessionEffect.Audience) {
        if case .error = event { metrics.errors.increment() }
        trace?.note(event)
        let id = identifiers.next()
        for transport in transports.ids(audience) { transports[transport]?.send(event, id: id) }
    }

    private func relay(_ event: RelayedEvent, to audience: SessionEffect.Audience) {
        if event.type == "error" { metrics.errors.increment() }
        trace?.note(event)
        let id = identifiers.next()
        for transport in transports.ids(audience) {
            transports[transport]?.send(event, id: id)
            transports[transport]?.countAudio(event.bytes.count)
        }
    }

    // MARK: Deadlines

    var nextDeadline: ContinuousClock.Instant? { machine.nextDeadline }

    func meetDeadline() { handle(.deadline) }

    func learn(_ allowance: BudgetLedger.Allowance, _ ticket: ChildTicket) {
        report(.allowance(left: allowance.left, renews: allowance.renews), ticket)
    }
}

extension ProtocolError {
    fileprivate static let betaRefused = ProtocolError(
        code: "beta_not_supported",
        "This model is served by an upstream, which speaks the current protocol: leave out 'OpenAI-Beta: realtime=v1'.")
}
