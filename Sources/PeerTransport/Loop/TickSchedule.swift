/// The absolute 5 ms schedule of a media loop: says which phase is due, so that a late wake-up is made good.
///
/// A loop that is late by up to a frame serves the phases it missed one after the other; later than that it skips
/// whole frames, and says how many ticks were skipped.
struct TickSchedule {
    private(set) var nextDeadline: ContinuousClock.Instant
    private var ticksDone = 0
    /// Counted since the start of the schedule.
    private(set) var reading = LoopReading()
    private static let tooLate = MediaLoop.tick * (2 * MediaLoop.phases)

    /// A schedule whose first tick is one tick after `origin`.
    init(origin: ContinuousClock.Instant) { nextDeadline = origin + MediaLoop.tick }

    /// Begins anew at `origin`; what was counted stays.
    mutating func restart(origin: ContinuousClock.Instant) { nextDeadline = origin + MediaLoop.tick }

    /// The next phase that is due at `now`, or nil when the schedule is met.
    mutating func next(now: ContinuousClock.Instant) -> Int? {
        guard now >= nextDeadline else { return nil }
        if now - nextDeadline >= Self.tooLate { skipFrames(now: now) }
        if now - nextDeadline >= LoopReading.late { reading.lateTicks += 1 }
        reading.ticks += 1
        ticksDone += 1
        nextDeadline += MediaLoop.tick
        return ticksDone % MediaLoop.phases
    }

    private mutating func skipFrames(now: ContinuousClock.Instant) {
        let behind = Int((now - nextDeadline) / MediaLoop.tick)
        let ticks = behind / MediaLoop.phases * MediaLoop.phases
        reading.skippedTicks += ticks
        reading.lateTicks += ticks
        reading.ticks += ticks
        ticksDone += ticks
        nextDeadline += MediaLoop.tick * ticks
    }
}
