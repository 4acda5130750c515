import HTTPTypes
import Logging
import ServiceLifecycle
import Synchronization

/// Whether new work is welcome: not until every listener is up and the models are loaded, and no longer once the stop has
/// begun.
final class Readiness: Sendable {
    private let isListening = Atomic<Bool>(false)
    private let loading: @Sendable () -> String?

    /// - Parameter loading: what is not there yet, in words; nil when all is.
    init(loading: @escaping @Sendable () -> String?) {
        self.loading = loading
    }

    func set(listening: Bool) { isListening.store(listening, ordering: .releasing) }

    /// Why new work is not welcome; nil when it is.
    var refusal: APIError? {
        guard isListening.load(ordering: .acquiring) else {
            return APIError(
                .serviceUnavailable, .server, code: SessionRegistry.stoppingCode, "The server is starting or stopping.")
        }
        guard let words = loading() else { return nil }
        var error = APIError(.serviceUnavailable, .server, code: EngineShelf.loadingCode, words)
        error.headers[.retryAfter] = "1"
        return error
    }
}

/// The last service of the group, so the first to stop: takes readiness back, then gives the sessions that there are their time
/// to end by themselves.
struct ReadinessService: Service {
    let readiness: Readiness
    let sessions: SessionRegistry
    let drain: Duration
    let logger: Logger

    func run() async throws {
        await withGracefulShutdownHandler {
            // Ends by graceful shutdown or by cancellation; both mean the same here.
            try? await gracefulShutdown()
        } onGracefulShutdown: {
            readiness.set(listening: false)
        }
        readiness.set(listening: false)
        guard drain > .zero, !Task.isCancelled else { return }
        logger.notice("Waiting for sessions to end", metadata: ["seconds": "\(drain.components.seconds)"])
        if await drained() {
            logger.notice("All sessions have ended")
        } else {
            logger.notice("Sessions are ended that were left")
        }
    }

    /// Whether no session is left.
    private func drained() async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await sessions.drain()
                return true
            }
            // The deadline; cancelled when the sessions end before it.
            group.addTask { (try? await Task.sleep(for: drain)) == nil }
            defer { group.cancelAll() }
            return await group.next() ?? true
        }
    }
}
