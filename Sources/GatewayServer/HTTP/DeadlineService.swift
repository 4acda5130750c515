import Logging
import ServiceLifecycle

/// A service that is cancelled when it does not end by itself within a deadline of a graceful stop.
///
/// Described by its name alone, since the lifecycle logs descriptions and a service may hold what is nobody's business.
struct DeadlineService: Service, CustomStringConvertible {
    let name: String
    let service: any Service
    let deadline: Duration
    let logger: Logger

    var description: String { name }

    func run() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await service.run() }
            group.addTask {
                try await gracefulShutdown()
                // The deadline itself: the lifecycle has only one for all services together.
                try await Task.sleep(for: deadline)
                logger.warning("Service is cancelled after its deadline", metadata: ["service": "\(name)"])
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
