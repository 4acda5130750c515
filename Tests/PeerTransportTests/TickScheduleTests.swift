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
        #expect(schedule.takeSkipped() == 0)
    }

    @Test("A loop that is late by less than two frames makes up for every tick")
    func late() {
        var schedule = TickSchedule(origin: origin)
        let now = origin + MediaLoop.tick * 8
        let served = (0..<9).map { _ in schedule.next(now: now) }
        #expect(served == [1, 2, 3, 0, 1, 2, 3, 0, nil])
        #expect(schedule.takeSkipped() == 0)
    }

    @Test("A loop that is later skips whole frames, says how many ticks, and goes on with the phase that is due")
    func tooLate() {
        var schedule = TickSchedule(origin: origin)
        let now = origin + MediaLoop.tick * 11
        let served = (0..<4).map { _ in schedule.next(now: now) }
        #expect(served == [1, 2, 3, nil])
        #expect(schedule.takeSkipped() == 8)
        #expect(schedule.takeSkipped() == 0)
        #expect(schedule.nextDeadline == origin + MediaLoop.tick * 12)
    }
}
