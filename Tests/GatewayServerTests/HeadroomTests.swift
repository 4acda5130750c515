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
        "The loops' time counts over all of them, and each session let in since the last reading as one of the present")
    func busy() {
        var headroom = Headroom(limits)
        headroom.note([loop(ticks: 0), loop(ticks: 0)], now: start)
        headroom.note([loop(ticks: 200, busySeconds: 1), loop(ticks: 200, busySeconds: 0.5)], now: start + .seconds(1))
        #expect(headroom.busyPercent == 75)
        // 3.75 each.
        #expect(headroom.admit() == nil)
        #expect(headroom.busyPercent == 78.75)
        #expect(headroom.admit() == nil)
        #expect(headroom.admit()?.contains("media.max-busy-percent") == true)
        headroom.note([loop(ticks: 400, busySeconds: 1.5), loop(ticks: 400, busySeconds: 1)], now: start + .seconds(2))
        #expect(headroom.admit() == nil)
    }

    @Test("Limits of 100 let all in")
    func off() {
        var headroom = Headroom(Headroom.Limits(latePercent: 100, busyPercent: 100))
        headroom.note([loop(ticks: 0)], now: start)
        headroom.note([loop(ticks: 200, late: 200, busySeconds: 1)], now: start + .seconds(1))
        for _ in 0..<1_000 { #expect(headroom.admit() == nil) }
    }
}
