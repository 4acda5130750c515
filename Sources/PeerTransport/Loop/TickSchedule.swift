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

    /// The next phase that is due at `now` and that `isNeeded`, or nil when the schedule is met; others pass uncounted.
    mutating func next(now: ContinuousClock.Instant, where isNeeded: (Int) -> Bool = { _ in true }) -> Int? {
        while now >= nextDeadline {
            if now - nextDeadline >= Self.tooLate { skipFrames(now: now) }
            let isLate = now - nextDeadline >= LoopReading.late
            ticksDone += 1
            nextDeadline += MediaLoop.tick
            let phase = ticksDone % MediaLoop.phases
            guard isNeeded(phase) else { continue }
            reading.ticks += 1
            if isLate { reading.lateTicks += 1 }
            return phase
        }
        return nil
    }

    /// When the next tick is due whose phase `isNeeded`; nil when none is.
    func nextDeadline(where isNeeded: (Int) -> Bool) -> ContinuousClock.Instant? {
        var deadline = nextDeadline
        for ticks in 0..<MediaLoop.phases {
            if isNeeded((ticksDone + 1 + ticks) % MediaLoop.phases) { return deadline }
            // Sums, as a product of durations is slow.
            deadline += MediaLoop.tick
        }
        return nil
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
