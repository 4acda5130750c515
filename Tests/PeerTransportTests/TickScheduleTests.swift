import Testing

@testable import PeerTransport

@Suite("Tick schedule") struct TickScheduleTests {
    private let origin = ContinuousClock.now

    @Test("Each tick serves the next phase, once, on the absolute schedule")
    func phases() {
        var schedule = TickSchedule(origin: origin)
        #expect(schedule.next(now: origin) == nil)
        for tick in 1...9 {
            #expect(schedule.nextDeadline == origin + MediaLoop.tick * tick)
            let now = origin + MediaLoop.tick * tick + .milliseconds(1)
            #expect(schedule.next(now: now) == tick % MediaLoop.phases)
            #expect(schedule.next(now: now) == nil)
        }
        #expect(schedule.reading == Self.reading(ticks: 9, late: 0, skipped: 0))
    }

    @Test("A loop that is late by less than two frames makes up for every tick")
    func late() {
        var schedule = TickSchedule(origin: origin)
        let now = origin + MediaLoop.tick * 8
        let served = (0..<9).map { _ in schedule.next(now: now) }
        #expect(served == [1, 2, 3, 0, 1, 2, 3, 0, nil])
        // Those that were due at 5 to 30 ms of 40.
        #expect(schedule.reading == Self.reading(ticks: 8, late: 6, skipped: 0))
    }

    @Test("A loop that is later skips whole frames, says how many ticks, and goes on with the phase that is due")
    func tooLate() {
        var schedule = TickSchedule(origin: origin)
        let now = origin + MediaLoop.tick * 11
        let served = (0..<4).map { _ in schedule.next(now: now) }
        #expect(served == [1, 2, 3, nil])
        #expect(schedule.reading == Self.reading(ticks: 11, late: 9, skipped: 8))
        #expect(schedule.nextDeadline == origin + MediaLoop.tick * 12)
    }

    @Test("The next tick that is needed is that of the next phase with something to do, wherever the schedule stands")
    func nextNeeded() {
        var schedule = TickSchedule(origin: origin)
        #expect(schedule.nextDeadline { $0 == 1 } == origin + MediaLoop.tick)
        #expect(schedule.nextDeadline { $0 == 0 } == origin + MediaLoop.tick * 4)
        #expect(schedule.nextDeadline { _ in false } == nil)
        _ = schedule.next(now: origin + MediaLoop.tick)
        #expect(schedule.nextDeadline { $0 == 1 } == origin + MediaLoop.tick * 5)
        #expect(schedule.nextDeadline { $0 % 2 == 0 } == origin + MediaLoop.tick * 2)
    }

    @Test("Phases that nobody is in pass without a tick, and are not late")
    func passed() {
        var schedule = TickSchedule(origin: origin)
        let now = origin + MediaLoop.tick * 5
        #expect(schedule.next(now: now) { $0 == 1 } == 1)
        #expect(schedule.next(now: now) { $0 == 1 } == 1)
        #expect(schedule.next(now: now) { $0 == 1 } == nil)
        #expect(schedule.next(now: now + MediaLoop.tick * 3) { $0 == 0 } == 0)
        #expect(schedule.reading == Self.reading(ticks: 3, late: 1, skipped: 0))
    }

    @Test("Begun anew, the schedule keeps what it counted")
    func anew() {
        var schedule = TickSchedule(origin: origin)
        #expect(schedule.next(now: origin + MediaLoop.tick) == 1)
        schedule.restart(origin: origin + .seconds(60))
        #expect(schedule.next(now: origin + .seconds(60)) == nil)
        #expect(schedule.next(now: origin + .seconds(60) + MediaLoop.tick) == 2)
        #expect(schedule.reading == Self.reading(ticks: 2, late: 0, skipped: 0))
    }

    private static func reading(ticks: Int, late: Int, skipped: Int) -> LoopReading {
        var reading = LoopReading()
        reading.ticks = ticks
        reading.lateTicks = late
        reading.skippedTicks = skipped
        return reading
    }
}
