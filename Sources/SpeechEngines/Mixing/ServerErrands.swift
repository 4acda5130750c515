import Logging
import Metrics
import SessionEngine

/// The tasks of one request, one for each server that was asked, and its timer.
struct ServerErrands<Output: Sendable, Answer: Sendable> {
    /// What the tasks tell.
    enum Event: Sendable {
        case race(ServerRace.Input)
        case timer
        case output(Int, Output, CheckedContinuation<Void, Never>)
        case ended(Int, Ending)
    }

    enum Ending: Sendable {
        case answered(Answer)
        /// No more may wait for this server.
        case crowded
        case failed(EngineFailure)
    }

    let mailbox = Mailbox<Event>()
    private let request: ServerRequest<Output, Answer>
    private var tasks: [Int: Task<Void, Never>] = [:]
    private var answers: [Int: Answer] = [:]
    private var outcome: ServerRace.Outcome?
    private var timer: (at: ContinuousClock.Instant, task: Task<Void, Never>)?

    init(_ request: ServerRequest<Output, Answer>) { self.request = request }

    /// Whether the race is over and every task has ended.
    var areOver: Bool { outcome != nil && tasks.isEmpty }

    /// How it ended, when it is over.
    var result: Result<Answer, EngineFailure> {
        switch outcome {
        case .finished(let server): answers[server].map { .success($0) } ?? .failure(.cancelled)
        case .failed(let failure): .failure(failure)
        case nil: preconditionFailure("the race is not over")
        }
    }

    mutating func perform(_ effects: [ServerRace.Effect]) {
        let servers = request.servers
        for effect in effects {
            switch effect {
            case .ask(let server, let cause): ask(server, cause)
            case .drop(let server): tasks[server]?.cancel()
            case .blame(let server, let failure): servers.blame(server, failure, request.session.log)
            case .praise(let server): servers.praise(server)
            case .forget(let server): servers.forget(server)
            case .end(let outcome): self.outcome = outcome
            // Whoever has the output does it.
            case .handOn: break
            }
        }
    }

    /// What a task's end means for the race.
    mutating func ended(_ server: Int, _ ending: Ending) -> ServerRace.Input {
        tasks[server] = nil
        switch ending {
        case .answered(let answer):
            answers[server] = answer
            return .finished(server)
        case .failed(let failure): return .failed(server, failure)
        case .crowded:
            let words = "\(request.servers[server].limits.queued) requests wait for the \(request.servers.stage)"
            return .crowded(server, EngineFailure(code: "engine_overloaded", message: "\(words); try again."))
        }
    }

    // MARK: Timer

    /// One timer: set anew only for a deadline before the one it waits for; after its time the race looks again.
    mutating func arm(_ deadline: ContinuousClock.Instant?) {
        guard let deadline, outcome == nil else { return }
        if let timer, timer.at <= deadline { return }
        disarm()
        let (mailbox, clock) = (mailbox, request.servers.clock)
        let task = Task {
            guard (try? await clock.sleep(until: deadline, tolerance: nil)) != nil else { return }
            mailbox.send(.timer)
        }
        timer = (deadline, task)
    }

    mutating func timerFired() -> ServerRace.Input {
        timer = nil
        return .deadline
    }

    mutating func disarm() {
        timer?.task.cancel()
        timer = nil
    }

    // MARK: Servers

    private mutating func ask(_ server: Int, _ cause: ServerRace.Cause) {
        let servers = request.servers
        servers.begin(server)
        servers[server].metrics.asked(cause)
        if cause != .first {
            request.session.log.notice(
                "Another server of the engine is asked",
                metadata: ["stage": "\(servers.stage)", "server": "\(server + 1)", "cause": "\(cause.rawValue)"])
        }
        let (request, mailbox) = (request, mailbox)
        tasks[server] = Task { mailbox.send(.ended(server, await Self.errand(server, request, mailbox))) }
    }

    private static func errand(
        _ server: Int, _ request: ServerRequest<Output, Answer>, _ mailbox: Mailbox<Event>
    ) async -> Ending {
        let (seats, clock) = (request.servers[server].seats, request.servers.clock)
        let start = clock.now
        do throws(EngineFailure) {
            guard let seat = try await seats.take(request.session) else { return .crowded }
            defer { seats.giveBack(seat) }
            request.servers[server].metrics.waited.record(duration: start.duration(to: clock.now))
            mailbox.send(.race(.admitted(server)))
            let answer = try await request.ask(server) { output in
                await withCheckedContinuation { mailbox.send(.output(server, output, $0)) }
            }
            return .answered(answer)
        } catch {
            return .failed(error)
        }
    }
}
