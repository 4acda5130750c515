import SessionEngine

/// When an upstream that was lost is tried again, and for how long. Pure.
struct UpstreamAttempts: Equatable, Sendable {
    /// A connection that lived as long begins a new count.
    static let stableAfter = Duration.seconds(5)
    /// Between the first failures and the last.
    private static let delays: [Duration] = [
        .zero, .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4),
    ]
    /// Codes that another attempt does not change.
    private static let final: Set = ["engine_unauthorized", "engine_model_not_found", "engine_refused"]

    /// The one to try now, of how many.
    private(set) var endpoint = 0
    private let endpoints: Int
    /// Since when it has been tried; nil while all is well.
    private var since: ContinuousClock.Instant?
    private var count = 0
    /// Whether there has been a session.
    private(set) var hasSucceeded = false

    init(endpoints: Int = 1) { self.endpoints = max(1, endpoints) }

    /// When to try again; nil to give up. Each failure is the next endpoint's turn.
    mutating func next(
        after failure: EngineFailure, now: ContinuousClock.Instant, patience: Duration
    ) -> ContinuousClock.Instant? {
        let begin = since ?? now
        since = begin
        guard endpoints > 1 || !Self.final.contains(failure.code) else { return nil }
        endpoint = (endpoint + 1) % endpoints
        let due = now + Self.delays[min(count, Self.delays.count - 1)]
        count += 1
        return due > begin + patience ? nil : due
    }

    mutating func succeeded() { hasSucceeded = true }

    /// The connection that has ended had been open since.
    mutating func lost(openSince opened: ContinuousClock.Instant, now: ContinuousClock.Instant) {
        guard opened.duration(to: now) >= Self.stableAfter else { return }
        since = nil
        count = 0
    }
}
