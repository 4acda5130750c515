import Logging
import ServiceLifecycle

/// A service that is cancelled when it does not end by itself within a deadline of a graceful stop.
struct DeadlineService: Service {
    let name: String
    let service: any Service
    let deadline: Duration
    let logger: Logger

    func run() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await service.run() }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: deadline)
                logger.warning("Service is cancelled after its deadline", metadata: ["service": "\(name)"])
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
