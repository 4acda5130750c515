import AudioPipeline
import Logging
import SessionEngine

/// The servers of one stage of one engine, shared by all its sessions: their places, and how they are.
final class StageServers: Sendable {
    struct Server: Sendable {
        let limits: ServerLimits
        let seats: ServerSeats
        let metrics: ServerMetrics
    }

    /// In words.
    let stage: String
    let clock: any MonotonicClock
    private let servers: [Server]
    private let connects: [(@Sendable () async -> EngineFailure?)?]
    private let health: PosixLock<[ServerHealth]>

    /// - Parameter label: of the stage, in metrics.
    init<Stage>(
        _ stage: String, label: String, engine: String, _ members: [MixedServer<Stage>], clock: any MonotonicClock
    ) {
        self.stage = stage
        self.clock = clock
        connects = members.map(\.connect)
        servers = members.enumerated().map { place, member in
            let (limits, places) = (member.limits, member.places)
            let metrics = ServerMetrics(engine: engine, stage: label, place: place + 1, limit: places.limit)
            let seats = ServerSeats(places, queued: limits.queued, metrics: metrics)
            return Server(limits: limits, seats: seats, metrics: metrics)
        }
        health = PosixLock(members.map { ServerHealth(isProbed: $0.connect != nil) })
    }

    subscript(_ server: Int) -> Server { servers[server] }

    var indices: Range<Int> { servers.indices }

    /// Who may be asked now, the best first; empty when every server said to come later.
    func entrants() -> [ServerRace.Entrant] {
        let now = clock.now
        let standings = health.withLock { $0.map { $0.standing(now) } }
        let good = standings.indices.filter { standings[$0] == .ready || standings[$0] == .due }
        let rest = standings.indices.filter { standings[$0] == .lastResort }
        return (good + rest).map { ServerRace.Entrant(server: $0, limits: servers[$0].limits) }
    }

    func begin(_ server: Int) {
        let now = clock.now
        health.withLock { $0[server].begin(now) }
    }

    func praise(_ server: Int) { health.withLock { $0[server].succeeded() } }

    func forget(_ server: Int) { health.withLock { $0[server].abandoned() } }

    func blame(_ server: Int, _ failure: EngineFailure, _ log: Logger) {
        let now = clock.now
        health.withLock { $0[server].failed(failure, now: now) }
        guard failure.blamesServer else { return }
        servers[server].metrics.failed(failure)
        log.warning(
            "A server of the engine failed",
            metadata: ["stage": "\(stage)", "server": "\(server + 1)", "code": "\(failure.code)"])
    }

    /// Opens connections to all of them at once, so that the first request needs not; a server that cannot be reached is not
    /// asked first. Where all its places are taken there are connections enough.
    func connect(_ session: StageSession) async {
        await withDiscardingTaskGroup { group in
            for (server, open) in connects.enumerated() {
                guard let open, self[server].seats.places.mayOpen() else { continue }
                group.addTask {
                    defer { self[server].seats.places.hasOpened() }
                    if let failure = await open() { self.blame(server, failure, session.log) }
                }
            }
        }
    }

    /// Looks whether those that have rested are there again.
    func probe() async {
        let now = clock.now
        let due = health.withLock { health in health.indices.filter { health[$0].wantsProbe(now) } }
        guard !due.isEmpty else { return }
        await withDiscardingTaskGroup { group in
            for server in due {
                guard let open = connects[server] else { continue }
                group.addTask {
                    if let failure = await open() {
                        self.blame(server, failure, StageSession.none.log)
                    } else {
                        self.health.withLock { $0[server].answered() }
                    }
                }
            }
        }
    }
}
