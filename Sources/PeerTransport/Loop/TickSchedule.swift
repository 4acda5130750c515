/// The absolute 5 ms schedule of a media loop: says which phase is due, so that a late wake-up is made good.
///
/// A loop that is late by up to a frame serves the phases it missed one after the other; later than that it skips
/// whole frames, and says how many ticks were skipped.
struct TickSchedule {
    private(set) var nextDeadline: ContinuousClock.Instant
    private var ticksDone = 0
    private var skipped = 0
    private static let tooLate = MediaLoop.tick * (2 * MediaLoop.phases)

    /// A schedule whose first tick is one tick after `origin`.
    init(origin: ContinuousClock.Instant) { nextDeadline = origin + MediaLoop.tick }

    /// The next phase that is due at `now`, or nil when the schedule is met.
    mutating func next(now: ContinuousClock.Instant) -> Int? {
        guard now >= nextDeadline else { return nil }
        if now - nextDeadline >= Self.tooLate { skipFrames(now: now) }
        ticksDone += 1
        nextDeadline += MediaLoop.tick
        return ticksDone % MediaLoop.phases
    }

    private mutating func skipFrames(now: ContinuousClock.Instant) {
        let behind = Int((now - nextDeadline) / MediaLoop.tick)
        let ticks = behind / MediaLoop.phases * MediaLoop.phases
        skipped += ticks
        ticksDone += ticks
        nextDeadline += MediaLoop.tick * ticks
    }

    /// Ticks skipped since the last call.
    mutating func takeSkipped() -> Int {
        defer { skipped = 0 }
        return skipped
    }
}
