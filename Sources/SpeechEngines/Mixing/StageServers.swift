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
    private let health: PosixLock<[ServerHealth]>

    /// - Parameter label: of the stage, in metrics.
    init(_ stage: String, label: String, engine: String, _ limits: [ServerLimits], clock: any MonotonicClock) {
        self.stage = stage
        self.clock = clock
        servers = limits.enumerated().map { place, limits in
            let metrics = ServerMetrics(engine: engine, stage: label, place: place + 1, limits: limits)
            return Server(limits: limits, seats: ServerSeats(limits, metrics: metrics), metrics: metrics)
        }
        health = PosixLock(limits.map { _ in ServerHealth() })
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
    /// asked first.
    func connect(_ session: StageSession, _ opens: [(@Sendable () async -> EngineFailure?)?]) async {
        await withDiscardingTaskGroup { group in
            for (server, open) in opens.enumerated() {
                guard let open else { continue }
                group.addTask {
                    if let failure = await open() { self.blame(server, failure, session.log) }
                }
            }
        }
    }
}
