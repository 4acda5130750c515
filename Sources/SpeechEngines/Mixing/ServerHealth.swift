import SessionEngine

/// Whether a server is worth asking: one that failed rests, longer each time; then it must answer a probe, where there is one,
/// and is tried by one request before it counts again. Pure.
struct ServerHealth: Equatable, Sendable {
    /// After the first failure; doubled with each one that follows it.
    static let firstRest = Duration.seconds(1)
    static let longestRest = Duration.seconds(30)
    /// A `Retry-After` is believed up to here.
    static let longestAsked = Duration.seconds(300)

    enum Standing: Equatable, Sendable {
        case ready
        /// Its rest is over, and no request is trying it yet.
        case due
        /// Asked only where nothing better is left: it rests, has not answered a probe, or is being tried.
        case lastResort
        /// It said itself when to come again.
        case closed
    }

    /// Whether it can be probed.
    private let isProbed: Bool
    private var failures = 0
    private var restsUntil: ContinuousClock.Instant?
    private var isClosed = false
    private var hasAnswered = false
    private var isOnTrial = false

    init(isProbed: Bool) { self.isProbed = isProbed }

    func standing(_ now: ContinuousClock.Instant) -> Standing {
        guard let restsUntil else { return .ready }
        if now < restsUntil { return isClosed ? .closed : .lastResort }
        return isOnTrial || isProbed && !hasAnswered ? .lastResort : .due
    }

    /// A request goes to it.
    mutating func begin(_ now: ContinuousClock.Instant) {
        if standing(now) == .due { isOnTrial = true }
    }

    mutating func succeeded() { self = ServerHealth(isProbed: isProbed) }

    /// Whether its rest is over and a probe is due.
    func wantsProbe(_ now: ContinuousClock.Instant) -> Bool {
        guard let restsUntil, isProbed, !hasAnswered else { return false }
        return now >= restsUntil
    }

    /// A probe found it there; whether it does its work is another matter.
    mutating func answered() { hasAnswered = true }

    /// A request ended without a word on whether the server is good.
    mutating func abandoned() { isOnTrial = false }

    mutating func failed(_ failure: EngineFailure, now: ContinuousClock.Instant) {
        isOnTrial = false
        guard failure.blamesServer else { return }
        // Requests that fail together are one failure.
        if let restsUntil, now < restsUntil, failure.retryAfter == nil { return }
        failures += 1
        let backOff = min(Self.longestRest, Self.firstRest * (1 << min(failures - 1, 5)))
        isClosed = failure.retryAfter != nil
        hasAnswered = false
        restsUntil = now + min(failure.retryAfter ?? backOff, Self.longestAsked)
    }
}
