import ServiceLifecycle
import Synchronization

/// Whether new work is welcome: false until every listener is up, and false again before anything else stops.
final class Readiness: Sendable {
    private let ready = Atomic<Bool>(false)

    var isReady: Bool { ready.load(ordering: .acquiring) }

    func set(_ value: Bool) { ready.store(value, ordering: .releasing) }
}

/// The last service of the group, so the first to stop: takes readiness back.
struct ReadinessService: Service {
    let readiness: Readiness

    func run() async throws {
        await withGracefulShutdownHandler {
            // Ends by graceful shutdown or by cancellation; both mean the same here.
            try? await gracefulShutdown()
        } onGracefulShutdown: {
            readiness.set(false)
        }
        readiness.set(false)
    }
}
