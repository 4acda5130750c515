import AudioPipeline
import CoreMetrics
package import Logging
package import RealtimeProtocol
package import SessionEngine
package import SpeechEngines

/// Runs one session on the five stages of an engine: owns the session's machine and does what it says.
///
/// Everything that happens comes in as one call of this actor, is handled whole and performed without a pause, so that no
/// second input overtakes an effect. Whoever brings an input waits until it is handled: the actor's own queue is the inbox,
/// and it is as long as the session has child tasks. Work runs in child tasks off the actor, all in the task group of `run`;
/// what a task brings after it was replaced or cancelled is dropped in `report`.
package actor PipelineSession: MachineDriver {
    /// With stages that know this session.
    let engine: Engine
    let tools: any ToolCaller
    let clock: any MonotonicClock
    let log: Logger
    let metrics = SessionMetrics.shared

    let children = ChildTasks()
    var transports: [TransportID: AttachedTransport] = [:]
    var identifiers = EventIdentifiers()
    // Input audio.
    var input = InputAudio()
    var inputEnd = InputEnd()
    var inputSettings: InputSettings
    var echo = EchoGuard()
    var noiseReduction: (any NoiseReductionStream)?
    var windowWaiter: CheckedContinuation<Void, Never>?
    /// Of the thread that sound comes on.
    var soundExecutor: (any TaskExecutor)?
    /// Items of the conversation that clients were told of.
    var itemsTold = 0
    var pauseTranscript: PauseTranscript?
    // Output audio.
    var spoken: [ResponseGeneration: SpokenResponse] = [:]
    var floor = PlayoutFloor()
    var pacing = OutputPacing()
    var voiceWaiters: [CheckedContinuation<Void, Never>] = []
    var store: ItemAudioStore
    /// The last one asked for that the engine has not.
    var unknownVoice: Voice?
    /// The language that was last said not to be known.
    var unknownLanguage: String?
    // A client that may come back.
    /// Nil where none may.
    var replay: ReplayLog?
    /// What the client that comes back has not had, until it is sent.
    var missed = ReplayLog.Missed()
    var again = SpeechAgain()

    /// Its place with the engine, until its end.
    private let seat: EngineSeat?
    private var machine: any ConversationMachine
    private var accounts: SessionAccounts
    private let charge: SessionCharge?
    var trace: TurnTrace?
    private var nextTransport = 0
    var timerDeadline: ContinuousClock.Instant?
    private var reportedDrops = (input: Int64(0), items: 0)
    /// Nil while the session runs.
    package private(set) var endReason: SessionEndReason?

    package init(
        machine: sending any ConversationMachine, initial: SessionConfiguration, engine: Engine, prices: SessionPrices,
        charge: SessionCharge? = nil, tools: any ToolCaller = NoToolCaller(), seat: EngineSeat? = nil,
        itemAudio: ItemAudioBudget, clock: any MonotonicClock, logger: Logger
    ) {
        self.machine = machine
        self.seat = seat
        self.engine = engine.forSession(StageSession(log: logger))
        self.tools = tools
        self.clock = clock
        log = logger
        inputSettings = InputSettings(format: initial.input.format, detectsVoice: false)
        accounts = SessionAccounts(prices: prices, engine: engine.name, charge: charge)
        self.charge = charge
        store = ItemAudioStore(itemAudio)
        trace = TurnTrace(session: logger[metadataKey: "session.id"].map { "\($0)" } ?? "", model: engine.name)
    }

    // MARK: SessionDriver

    package func run(_ transport: any SessionTransport) async { await run(transport, offer: nil) }

    func run(_ transport: any SessionTransport, offer: ResumeOffer?) async {
        metrics.started.increment()
        log.info("Session started", metadata: ["engine": "\(engine.name)"])
        let startedAt = clock.now
        await withDiscardingTaskGroup { group in
            watchAllowance(charge)
            if let offer { replay = ReplayLog(transport.kind, grace: offer.grace) }
            join(AttachedTransport(transport)) { .attached($0, transport.kind, resume: offer) }
            connect()
            for await task in children.started { ChildTasks.adopt(task, in: &group) }
            stop()
        }
        let reason = endReason ?? .shutdown
        trace?.end()
        metrics.ended(reason.label)
        log.info("Session ended", metadata: accounts.metadata(reason, duration: startedAt.duration(to: clock.now)))
        await tools.close()
    }

    package func attach(_ transport: any SessionTransport) async {
        guard endReason == nil else { return transport.close(.clientLeft) }
        await withTaskCancellationHandler {
            await withCheckedContinuation {
                join(AttachedTransport(transport, attachment: $0)) { .attached($0, transport.kind) }
            }
        } onCancel: {
            transport.close(.shutdown)
        }
    }

    /// Ends the session if it has not ended: the task of `run` was cancelled.
    private func stop() {
        handle(.end(.shutdown))
        end(.shutdown)
    }

    /// Opens the connections of the engine's stages: while the client has nothing to say yet, and again while somebody speaks,
    /// since those of before may have been closed for idleness.
    private func connect() {
        guard !children.isRunning(.connection) else { return }
        children.start(.connection) { [self, engine] ticket in
            await engine.connect()
            await finish(ticket)
        }
    }

    func join(_ attached: AttachedTransport, _ fact: (TransportID) -> SessionInput) {
        let id = TransportID(rawValue: nextTransport)
        nextTransport += 1
        transports[id] = attached
        soundMoved()
        handle(fact(id))
        startReading(attached.transport, id)
    }

    func learn(_ allowance: BudgetLedger.Allowance, _ ticket: ChildTicket) {
        report(.allowance(left: allowance.left, renews: allowance.renews), ticket)
    }

    // MARK: Inputs

    /// One input, and every effect of it; before it where the input ends, if that may count.
    func handle(_ fact: SessionInput) {
        if let end = inputEnd.due(before: fact) { decide(.audio(until: end)) }
        decide(fact)
    }

    private func decide(_ fact: SessionInput) {
        guard endReason == nil else { return }
        let (effects, deadline) = machine.decide(fact, now: clock.now)
        for effect in effects { perform(effect) }
        countDrops()
        armTimer(deadline)
    }

    /// The result of a child task; false, and dropped, when the task is not the current one of its kind.
    @discardableResult
    func report(_ fact: SessionInput, _ ticket: ChildTicket) -> Bool {
        guard children.isCurrent(ticket) else {
            metrics.stale.increment()
            return false
        }
        handle(fact)
        return true
    }

    /// The last result of a child task.
    func finish(_ ticket: ChildTicket, _ fact: SessionInput? = nil) {
        guard children.isCurrent(ticket) else { return }
        children.ended(ticket)
        if let fact { handle(fact) }
    }

    // MARK: Effects

    private func perform(_ effect: SessionEffect) {
        switch effect {
        case .emit(let event, let audience):
            emit(event, to: audience)
            if case .inputAudioBufferSpeechStarted = event { connect() }
        case .emitRetrieved(let item, let transport):
            emit(.conversationItemRetrieved(withAudio(item, for: transport)), to: .only(transport))
        case .hold: hold()
        case .replay(let transport): sendMissed(to: transport)
        case .configureInput(let settings): configureInput(settings)
        case .clearInput(let position): input.clear(before: position)
        case .keepAudio(let item, let index, let range): keepAudio(item, index, range)
        case .storeAudio(let item, let index, let bytes):
            store.append(bytes, inputSettings.format, to: item, contentIndex: index)
        case .cutAudio(let item, let index, let samples): store.cut(item, contentIndex: index, samples: samples)
        case .dropAudio(let item): store.remove(item)
        case .scoreTurn(let range, let since, let pauseMs): scoreTurn(range, silentSince: since, pauseMs: pauseMs)
        case .recognise(let request, let configuration): recognise(request, configuration)
        case .transcribe(let request): transcribe(request)
        case .cancelTranscription(let item): children.cancelTranscriptions(of: item)
        case .prepare(let request): prepare(request)
        case .startResponse(let generation, let request): startResponse(generation, request)
        case .speculate(let generation, let request): speculate(generation, request)
        case .settleSpeculation(let generation, let outcome): settleSpeculation(generation, outcome)
        case .speak(let generation, let request): speak(generation, request)
        case .deliver(let generation, let chunk, let part, let format): deliver(generation, chunk, part, format)
        case .sayAgain(let generation, let heard, let stretches): sayAgain(generation, heard: heard, stretches)
        case .discardAudio(let generation): discardAudio(generation)
        case .cancel(let generation): cancel(generation)
        case .giveUp(let generation, let stage): giveUp(generation, stage)
        case .listTools(let item, let server): listTools(item, server)
        case .callTool(let item, let server, let name, let arguments): callTool(item, server, name, arguments)
        case .cancelTool(let item): children.cancel(.tool(item))
        case .account(let usage): accounts.add(usage)
        case .accountTranscription(let usage): accounts.add(usage)
        case .close(let transport, let reason): transports[transport]?.transport.close(reason)
        case .closed(let reason): end(reason)
        }
    }

    /// The one end of the session.
    private func end(_ reason: SessionEndReason) {
        guard endReason == nil else { return }
        endReason = reason
        if reason == .notResumed { metrics.resumption("expired") }
        seat?.giveBack()
        children.cancelAll()
        for attached in transports.values {
            attached.transport.close(reason)
            attached.attachment?.resume()
        }
        transports = [:]
        spoken = [:]
        pauseTranscript?.settle(nil)
        wakeVoices()
        wakeVoiceActivity()
    }

    private func keepAudio(_ item: ItemID, _ contentIndex: Int, _ range: Range<AudioPosition>) {
        metrics.turns.increment()
        guard let encoder = try? OutputAudioEncoder(inputSettings.format),
            let bytes = try? encoder.encode(input.samples(in: range))
        else { return metrics.failed("codec") }
        store.append(bytes, inputSettings.format, to: item, contentIndex: contentIndex)
    }

    private func countDrops() {
        let dropped = (input: input.ring.dropped, items: store.droppedBytes)
        guard dropped != reportedDrops else { return }
        metrics.inputDropped.increment(by: Int(dropped.input - reportedDrops.input) * 2)
        metrics.itemsDropped.increment(by: dropped.items - reportedDrops.items)
        reportedDrops = dropped
    }

    // MARK: Deadlines

    var nextDeadline: ContinuousClock.Instant? { machine.nextDeadline }

    func meetDeadline() { handle(.deadline) }
}
