import SessionEngine

/// Decides, for one request of a stage, which servers are asked when, and whose output is handed on. Pure; time is an
/// argument.
///
/// The first server that has an output wins, and the others are dropped: after that nothing is asked again, since what was
/// handed on cannot be taken back. Before it, a failure or a deadline leads to the next server, and after the last one to one
/// more try where it may help and there is time.
struct ServerRace: Sendable {
    /// One server as it may be asked.
    struct Entrant: Equatable, Sendable {
        /// Its place in the configuration.
        var server: Int
        var limits: ServerLimits
    }

    enum Input: Equatable, Sendable {
        /// Its turn came in the server's queue.
        case admitted(Int)
        /// The server's queue is full.
        case crowded(Int, EngineFailure)
        /// So many units of its stage: bytes of text, samples of sound.
        case output(Int, size: Int)
        /// The winner's output was taken.
        case handedOn
        case finished(Int)
        case failed(Int, EngineFailure)
        /// `nextDeadline` has come.
        case deadline
        /// Nobody wants the answer any more.
        case cancelled
    }

    enum Effect: Equatable, Sendable {
        case ask(Int, Cause)
        /// Its request is cancelled; what it still says is ignored.
        case drop(Int)
        case handOn(Int)
        case blame(Int, EngineFailure)
        case praise(Int)
        /// Nobody learned whether the server is good.
        case forget(Int)
        case end(Outcome)
    }

    /// Why a server is asked.
    enum Cause: String, Sendable {
        case first
        case fallback
        case hedge
        case retry
    }

    enum Outcome: Equatable, Sendable {
        case finished(Int)
        case failed(EngineFailure)
    }

    /// Before a server is asked once more.
    static let retryPause = Duration.milliseconds(250)

    private enum Phase {
        case unasked
        case running(since: ContinuousClock.Instant, isAdmitted: Bool, hasHedge: Bool)
        case over

        var isRunning: Bool { if case .running = self { true } else { false } }
    }

    private let stage: String
    /// An answer that is longer is a broken server's.
    private let bound: Int
    private let entrants: [Entrant]
    /// All of it must be over by then, so that the session's own deadline is not met.
    private let latest: ContinuousClock.Instant?
    private var phases: [Phase]
    private var winner: (place: Int, heard: ContinuousClock.Instant, isHandingOn: Bool)?
    private var size = 0
    private var failure: EngineFailure?
    private var retry: (place: Int, at: ContinuousClock.Instant)?
    private var passing: Int?
    private var hasRetried = false
    private var isOver = false

    /// - Parameters:
    ///   - stage: in words, for failures.
    ///   - entrants: in the order they are to be asked; at least one.
    ///   - bound: of the whole output's size.
    init(_ stage: String, _ entrants: [Entrant], bound: Int, now: ContinuousClock.Instant) {
        self.stage = stage
        self.bound = bound
        self.entrants = entrants
        let limits = entrants.compactMap(\.limits.firstOutput)
        latest = limits.count == entrants.count ? now + limits.reduce(.zero, +) : nil
        phases = entrants.map { _ in .unasked }
    }

    mutating func begin(now: ContinuousClock.Instant) -> [Effect] { ask(0, .first, now) }

    /// Nil for never.
    var nextDeadline: ContinuousClock.Instant? {
        guard !isOver else { return nil }
        if let winner {
            guard !winner.isHandingOn, let stall = entrants[winner.place].limits.stall else { return nil }
            return winner.heard + stall
        }
        let running = phases.indices.flatMap { place in [due(place), hedgeDue(place)].compactMap(\.self) }
        return (running + [retry?.at].compactMap(\.self)).min()
    }

    mutating func handle(_ input: Input, now: ContinuousClock.Instant) -> [Effect] {
        guard !isOver else { return [] }
        switch input {
        case .admitted(let server): return admitted(server)
        case .crowded(let server, let failure): return crowded(server, failure, now)
        case .output(let server, let size): return output(server, size, now)
        case .handedOn:
            winner?.isHandingOn = false
            winner?.heard = now
            return []
        case .finished(let server): return finished(server)
        case .failed(let server, let failure): return failed(server, failure, now)
        case .deadline: return winner == nil ? overdue(now) : stalled(now)
        case .cancelled: return end(.failed(.cancelled))
        }
    }

    // MARK: What comes

    private mutating func admitted(_ server: Int) -> [Effect] {
        guard let place = running(server), case .running(let since, _, let hasHedge) = phases[place] else { return [] }
        phases[place] = .running(since: since, isAdmitted: true, hasHedge: hasHedge)
        return []
    }

    private mutating func crowded(
        _ server: Int, _ failure: EngineFailure, _ now: ContinuousClock.Instant
    ) -> [Effect] {
        guard let place = running(server) else { return [] }
        phases[place] = .over
        self.failure = failure
        return [.forget(server)] + goOn(now)
    }

    private mutating func output(_ server: Int, _ size: Int, _ now: ContinuousClock.Instant) -> [Effect] {
        guard let place = running(server) else { return [] }
        self.size += size
        guard self.size <= bound else {
            let endless = EngineFailure(code: "engine_error", message: "The \(stage) answered without end.")
            return [.blame(server, endless)] + end(.failed(endless))
        }
        let isFirst = winner == nil
        winner = (place, now, true)
        return isFirst ? [.praise(server)] + dropOthers(place) + [.handOn(server)] : [.handOn(server)]
    }

    private mutating func finished(_ server: Int) -> [Effect] {
        guard let place = running(server) else { return [] }
        phases[place] = .over
        let praise = winner == nil ? [Effect.praise(server)] : []
        return praise + end(.finished(server))
    }

    private mutating func failed(
        _ server: Int, _ failure: EngineFailure, _ now: ContinuousClock.Instant
    ) -> [Effect] {
        guard let place = running(server) else { return [] }
        phases[place] = .over
        self.failure = failure
        if failure.mayPass { passing = passing ?? place }
        let blame = Effect.blame(server, failure)
        return [blame] + (winner == nil ? goOn(now) : end(.failed(failure)))
    }

    private mutating func overdue(_ now: ContinuousClock.Instant) -> [Effect] {
        var effects: [Effect] = []
        for place in phases.indices {
            guard case .running(let since, let isAdmitted, _) = phases[place] else { continue }
            if let due = due(place), due <= now {
                let server = entrants[place].server
                let failure = EngineFailure.timeout(stage, now - since)
                phases[place] = .over
                self.failure = failure
                // A request that waited its whole time in the queue says nothing of the server.
                effects += [.drop(server), isAdmitted ? .blame(server, failure) : .forget(server)]
            } else if let hedge = hedgeDue(place), hedge <= now {
                phases[place] = .running(since: since, isAdmitted: isAdmitted, hasHedge: true)
                if let next = unasked { effects += ask(next, .hedge, now) }
            }
        }
        if let retry, retry.at <= now {
            self.retry = nil
            return effects + ask(retry.place, .retry, now)
        }
        return effects + goOn(now)
    }

    private mutating func stalled(_ now: ContinuousClock.Instant) -> [Effect] {
        guard let winner, let nextDeadline, nextDeadline <= now else { return [] }
        let failure = EngineFailure.timeout(stage, now - winner.heard)
        return [.blame(entrants[winner.place].server, failure)] + end(.failed(failure))
    }

    // MARK: What follows

    /// With nobody running, the next server is asked, or one once more, or it is over.
    private mutating func goOn(_ now: ContinuousClock.Instant) -> [Effect] {
        guard retry == nil, !phases.contains(where: \.isRunning) else { return [] }
        if let next = unasked { return ask(next, .fallback, now) }
        let at = now + Self.retryPause
        if !hasRetried, let passing, fits(passing, at) {
            hasRetried = true
            retry = (passing, at)
            return []
        }
        return end(.failed(failure ?? .timeout(stage, .zero)))
    }

    /// Whether half of the time it may take is left.
    private func fits(_ place: Int, _ start: ContinuousClock.Instant) -> Bool {
        guard let latest else { return true }
        return start + (entrants[place].limits.firstOutput ?? .zero) / 2 <= latest
    }

    private mutating func ask(_ place: Int, _ cause: Cause, _ now: ContinuousClock.Instant) -> [Effect] {
        phases[place] = .running(since: now, isAdmitted: false, hasHedge: false)
        return [.ask(entrants[place].server, cause)]
    }

    private mutating func dropOthers(_ winner: Int?) -> [Effect] {
        var effects: [Effect] = []
        for place in phases.indices where place != winner && phases[place].isRunning {
            phases[place] = .over
            effects += [.drop(entrants[place].server), .forget(entrants[place].server)]
        }
        return effects
    }

    private mutating func end(_ outcome: Outcome) -> [Effect] {
        isOver = true
        return dropOthers(nil) + [.end(outcome)]
    }

    // MARK: Places

    private func running(_ server: Int) -> Int? {
        phases.indices.first { entrants[$0].server == server && phases[$0].isRunning }
    }

    private var unasked: Int? {
        phases.indices.first { if case .unasked = phases[$0] { true } else { false } }
    }

    private func due(_ place: Int) -> ContinuousClock.Instant? {
        guard case .running(let since, _, _) = phases[place] else { return nil }
        return [entrants[place].limits.firstOutput.map { since + $0 }, latest].compactMap(\.self).min()
    }

    private func hedgeDue(_ place: Int) -> ContinuousClock.Instant? {
        guard case .running(let since, _, false) = phases[place], unasked != nil else { return nil }
        return entrants[place].limits.hedge.map { since + $0 }
    }
}
