import ServiceLifecycle
import SpeechEngines

/// Looks now and then, while the server runs, whether servers of engines that failed are there again, so that no user's request
/// has to find out.
package struct EngineWatch: Service {
    /// A rest is a second at least.
    private static let interval = Duration.milliseconds(500)

    let shelf: EngineShelf
    var clock: any MonotonicClock = ContinuousClock()

    package func run() async throws {
        // Shutdown and cancellation mean the same here.
        try? await cancelWhenGracefulShutdown {
            while true {
                try await clock.sleep(until: clock.now + Self.interval, tolerance: nil)
                await withDiscardingTaskGroup { group in
                    for engine in shelf.engines { group.addTask { await engine.probe() } }
                }
            }
        }
    }
}
