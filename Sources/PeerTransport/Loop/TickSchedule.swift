/// The absolute 5 ms schedule of a media loop: says which phase is due, so that a late wake-up is made good.
///
/// A loop that is late by up to a frame serves the phases it missed one after the other; later than that it skips
/// whole frames, and says how many ticks were skipped.
struct TickSchedule {
    private let origin: ContinuousClock.Instant
    private var ticksDone = 0
    private var skipped = 0

    /// A schedule whose first tick is one tick after `origin`.
    init(origin: ContinuousClock.Instant) { self.origin = origin }

    var nextDeadline: ContinuousClock.Instant { origin + MediaLoop.tick * (ticksDone + 1) }

    /// The next phase that is due at `now`, or nil when the schedule is met.
    mutating func next(now: ContinuousClock.Instant) -> Int? {
        guard now >= nextDeadline else { return nil }
        let behind = Int((now - nextDeadline) / MediaLoop.tick)
        if behind >= 2 * MediaLoop.phases {
            let frames = behind / MediaLoop.phases
            skipped += frames * MediaLoop.phases
            ticksDone += frames * MediaLoop.phases
        }
        ticksDone += 1
        return ticksDone % MediaLoop.phases
    }

    /// Ticks skipped since the last call.
    mutating func takeSkipped() -> Int {
        defer { skipped = 0 }
        return skipped
    }
}
