import CoreMetrics
import SessionEngine

/// What one server of a stage counts. Its labels are the engine's name, the stage, and the server's place in the line, from 1:
/// no addresses.
struct ServerMetrics: Sendable {
    let running: Gauge
    let waiting: Gauge
    let waited: Timer
    private let dimensions: [(String, String)]

    init(engine: String, stage: String, place: Int, limit: Int?) {
        dimensions = [("engine", engine), ("stage", stage), ("server", "\(place)")]
        running = Gauge(label: "gateway_engine_requests", dimensions: dimensions + [("state", "running")])
        waiting = Gauge(label: "gateway_engine_requests", dimensions: dimensions + [("state", "waiting")])
        waited = Timer(label: "gateway_engine_wait_seconds", dimensions: dimensions)
        let allowed = Gauge(label: "gateway_engine_limit_requests", dimensions: dimensions)
        if let limit { allowed.record(limit) }
    }

    /// A request was sent, and why.
    func asked(_ cause: ServerRace.Cause) {
        Counter(label: "gateway_engine_asked_total", dimensions: dimensions + [("cause", cause.rawValue)]).increment()
    }

    func failed(_ failure: EngineFailure) {
        Counter(label: "gateway_engine_failures_total", dimensions: dimensions + [("code", failure.code)]).increment()
    }
}
