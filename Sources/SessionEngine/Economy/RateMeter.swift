import RealtimeProtocol

/// What is left of a configured rate limit: a bucket that refills evenly in its reset time.
struct RateMeter: Sendable {
    private let configured: RateLimit
    private var used: Double = 0
    private var updated: ContinuousClock.Instant

    init(_ configured: RateLimit, now: ContinuousClock.Instant) {
        self.configured = configured
        updated = now
    }

    /// Takes one response's use; returns what `rate_limits.updated` says.
    mutating func take(_ usage: Usage, now: ContinuousClock.Instant) -> RateLimit {
        let seconds = (now - updated) / .seconds(1)
        let refill = configured.resetSeconds > 0 ? Double(configured.limit) * seconds / configured.resetSeconds : 0
        updated = now
        used = max(0, used - refill)
        used += configured.name == .tokens ? Double(usage.input.total + usage.output.total) : 1
        used = min(used, Double(configured.limit))
        var limit = configured
        limit.remaining = max(0, configured.limit - Int(used.rounded(.up)))
        limit.resetSeconds = configured.limit > 0 ? configured.resetSeconds * used / Double(configured.limit) : 0
        return limit
    }
}
