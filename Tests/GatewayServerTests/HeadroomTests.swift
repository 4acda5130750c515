import PeerTransport
import Testing

@testable import GatewayServer

@Suite("Headroom")
struct HeadroomTests {
    private let start = ContinuousClock.now
    private let limits = Headroom.Limits(latePercent: 5, busyPercent: 80)

    /// One loop with these counts since its start.
    private func loop(ticks: Int, late: Int = 0, busySeconds: Double = 0, members: Int = 10) -> LoopReading {
        var reading = LoopReading()
        reading.ticks = ticks
        reading.lateTicks = late
        reading.cpu = .seconds(busySeconds)
        reading.members = members
        return reading
    }

    @Test("Before anything was read, and on idle loops, every session is let in")
    func idle() {
        var headroom = Headroom(limits)
        #expect(headroom.admit() == nil)
        for second in 0..<10 {
            headroom.note([loop(ticks: 0, members: 0), loop(ticks: 0, members: 0)], now: start + .seconds(second))
            #expect(headroom.admit() == nil)
        }
    }

    @Test("More late ticks than the limit refuse, and are forgotten five readings later")
    func late() {
        var headroom = Headroom(limits)
        headroom.note([loop(ticks: 0)], now: start)
        headroom.note([loop(ticks: 200, late: 10)], now: start + .seconds(1))
        #expect(headroom.latePercent == 5)
        #expect(headroom.admit() == nil)
        headroom.note([loop(ticks: 400, late: 21)], now: start + .seconds(2))
        #expect(headroom.admit()?.contains("media.max-late-percent") == true)
        for second in 3...6 {
            headroom.note([loop(ticks: 200 * (second), late: 21)], now: start + .seconds(second))
        }
        #expect(headroom.latePercent == 0)
        #expect(headroom.admit() == nil)
    }

    @Test(
        "The loops' time counts over all of them, and each session let in since the last reading as one of the present"
    )
    func busy() {
        var headroom = Headroom(limits)
        headroom.note([loop(ticks: 0), loop(ticks: 0)], now: start)
        let most = loop(ticks: 200, busySeconds: 0.795, members: 100)
        headroom.note([most, most], now: start + .seconds(1))
        #expect(headroom.admit() == nil)
        #expect(abs(headroom.busyPercent - 79.8975) < 1e-9)
        #expect(headroom.admit() == nil)
        #expect(headroom.admit()?.contains("media.max-busy-percent") == true)
    }

    @Test("Calls being set up cost more than they will: a session counts as a call in full speech at most")
    func burst() {
        var headroom = Headroom(limits)
        headroom.note([loop(ticks: 0), loop(ticks: 0)], now: start)
        let one = loop(ticks: 200, busySeconds: 0.1, members: 1)
        headroom.note([one, one], now: start + .seconds(1))
        // Two per cent of a core each, on two loops.
        for _ in 0..<70 { #expect(headroom.admit() == nil) }
        #expect(headroom.busyPercent == 80)
        #expect(headroom.admit() == nil)
        #expect(headroom.admit() != nil)
    }

    @Test("Limits of 100 let all in")
    func off() {
        var headroom = Headroom(Headroom.Limits(latePercent: 100, busyPercent: 100))
        headroom.note([loop(ticks: 0)], now: start)
        headroom.note([loop(ticks: 200, late: 200, busySeconds: 1)], now: start + .seconds(1))
        for _ in 0..<1_000 { #expect(headroom.admit() == nil) }
    }
}
