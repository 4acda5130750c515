import AudioPipeline
import RealtimeProtocol

/// One session under load over WebSocket, from its place in the schedule to its end.
struct WebSocketLoadCall: Sendable {
    let plan: LoadPlan
    let connect: @Sendable () async throws -> SessionLine
    let gauge: LoadGauge

    func run(_ index: Int, talks: Bool, begin: ContinuousClock.Instant, end: ContinuousClock.Instant) async {
        guard await sleep(until: begin) else { return }
        plan.note(.count(.calls))
        do {
            let line = try await connect()
            let talker = WebSocketTalker(
                plan, line, TalkerMachine(plan.talker(index, talks: talks), now: .now), begin: begin, gauge: gauge)
            await talker.run(until: end)
        } catch {
            // What was given up is no failure of the server's.
            if !Task.isCancelled { plan.notes(LoadFailure.notes(of: error)) }
        }
    }
}

/// One talker over WebSocket: does what its machine says.
private actor WebSocketTalker {
    private let plan: LoadPlan
    private let line: SessionLine
    private let begin: ContinuousClock.Instant
    private let gauge: LoadGauge
    private var machine: TalkerMachine
    private var chunks = 0
    private var isOpen = false
    private var isOver = false
    private var hasSound = false

    init(
        _ plan: LoadPlan, _ line: SessionLine, _ machine: TalkerMachine, begin: ContinuousClock.Instant,
        gauge: LoadGauge
    ) {
        self.plan = plan
        self.line = line
        self.machine = machine
        self.begin = begin
        self.gauge = gauge
    }

    func run(until end: ContinuousClock.Instant) async {
        await withTaskGroup { group in
            group.addTask { await self.listen() }
            group.addTask { await self.speak(until: end) }
            await group.next()
            isOver = true
            line.close()
            group.cancelAll()
        }
        if isOpen { gauge.end() }
        plan.note(.count(.packetsSent, chunks))
    }

    private func listen() async {
        while let message = await line.next() {
            let now = ContinuousClock.now
            switch ServerEvent(message) {
            case .audio(let length)?:
                if !hasSound { plan.note(.time(.postToFirstRTP, begin.duration(to: now))) }
                hasSound = true
                perform(machine.sound(length, now: now))
            case .other(let event)?: receive(event, now: now)
            case nil: break
            }
        }
        guard !isOver, !Task.isCancelled else { return }
        plan.notes(
            isOpen
                ? [.count(.dropped), .reason("the server ended the session before its time")]
                : [.count(.failed), .reason("the server ended the socket before the session began")])
    }

    private func receive(_ event: JSONObject, now: ContinuousClock.Instant) {
        if !isOpen {
            switch event.text("type") {
            case "session.created"?:
                isOpen = true
                gauge.begin()
                plan.notes([.count(.connected), .time(.postToAnswer, begin.duration(to: now))])
            case "error"?:
                isOver = true
                let isFull = ["overloaded", "full", "rate_limit", "unavailable", "loading"].contains {
                    event.errorCode.contains($0)
                }
                plan.notes([.count(isFull ? .refused : .failed), .reason("refused: \(event.errorCode)")])
                line.close()
                return
            default: break
            }
        }
        perform(machine.event(event, now: now))
    }

    /// A chunk leaves when its last sample has been spoken.
    private func speak(until end: ContinuousClock.Instant) async {
        let frame = machine.settings.frame
        var events = plan.group.flood.map(FloodEvents.init)
        var due = ContinuousClock.now + frame
        while due < end, !isOver, await sleep(until: due) {
            let now = ContinuousClock.now
            let (frameDue, actions) = machine.frame(now: now)
            perform(actions)
            if machine.isReady, let event = plan.bytes(of: frameDue, number: chunks) {
                line.send(event)
                chunks += 1
            }
            if machine.isReady, let event = events?.next(after: frame) { line.send(event) }
            plan.note(.time(.generatorPacing, due.duration(to: now)))
            due += frame
        }
        if !isOver { _ = await sleep(until: end) }
    }

    private func perform(_ actions: [TalkerMachine.Action]) {
        for action in actions {
            switch action {
            case .send(let event): line.send(event)
            case .note(let note): plan.note(note)
            case .giveUp(let words):
                isOver = true
                plan.notes([.count(.dropped), .reason(words)])
                line.close()
            }
        }
    }
}

extension JSONObject {
    fileprivate var errorCode: String {
        let error = object("error")
        return error?.text("code") ?? error?.text("type") ?? "unknown"
    }
}
