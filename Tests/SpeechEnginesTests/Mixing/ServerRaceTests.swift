import SessionEngine
import Testing

@testable import SpeechEngines

@Suite("Whom a request is put to") struct ServerRaceTests {
    private static let start = ContinuousClock.now
    private static let unreachable = EngineFailure(code: "engine_unreachable", message: "")
    private static let unauthorized = EngineFailure(code: "engine_unauthorized", message: "")

    private struct Bench {
        var race: ServerRace
        private let start = ServerRaceTests.start

        init(_ limits: [ServerLimits]) {
            let entrants = limits.enumerated().map { ServerRace.Entrant(server: $0, limits: $1) }
            race = ServerRace("language model", entrants, bound: 100, now: start)
        }

        mutating func begin() -> [ServerRace.Effect] { race.begin(now: start) }

        mutating func at(_ ms: Int, _ input: ServerRace.Input) -> [ServerRace.Effect] {
            race.handle(input, now: start + .milliseconds(ms))
        }

        var deadlineMs: Int? {
            race.nextDeadline.map { Int(start.duration(to: $0) / .milliseconds(1)) }
        }
    }

    private static func limits(first: Int? = nil, stall: Int? = nil, hedge: Int? = nil) -> ServerLimits {
        var limits = ServerLimits()
        limits.firstOutput = first.map { .milliseconds($0) }
        limits.stall = stall.map { .milliseconds($0) }
        limits.hedge = hedge.map { .milliseconds($0) }
        return limits
    }

    private static func late(_ ms: Int) -> EngineFailure { .timeout("language model", .milliseconds(ms)) }

    @Test("The first server answers and nobody else is asked")
    func alone() {
        var bench = Bench([Self.limits(first: 1_000), Self.limits(first: 1_000)])
        #expect(bench.begin() == [.ask(0, .first)])
        #expect(bench.at(1, .admitted(0)) == [])
        #expect(bench.at(300, .output(0, size: 10)) == [.praise(0), .handOn(0)])
        #expect(bench.at(310, .handedOn) == [])
        #expect(bench.deadlineMs == nil)
        #expect(bench.at(400, .output(0, size: 10)) == [.handOn(0)])
        #expect(bench.at(400, .handedOn) == [])
        #expect(bench.at(500, .finished(0)) == [.end(.finished(0))])
    }

    @Test("A server that fails before it said anything is followed by the next")
    func fallback() {
        var bench = Bench([Self.limits(first: 1_000), Self.limits(first: 1_000)])
        _ = bench.begin()
        #expect(bench.at(5, .failed(0, Self.unreachable)) == [.blame(0, Self.unreachable), .ask(1, .fallback)])
        #expect(bench.at(200, .output(1, size: 10)) == [.praise(1), .handOn(1)])
    }

    @Test(
        "A server that gives nothing by its deadline is dropped for the next, and the last one's deadline ends the race"
    )
    func deadline() {
        var bench = Bench([Self.limits(first: 1_000), Self.limits(first: 2_000)])
        _ = bench.begin()
        _ = bench.at(1, .admitted(0))
        #expect(bench.deadlineMs == 1_000)
        #expect(bench.at(999, .deadline) == [])
        #expect(bench.at(1_000, .deadline) == [.drop(0), .blame(0, Self.late(1_000)), .ask(1, .fallback)])
        _ = bench.at(1_001, .admitted(1))
        #expect(bench.deadlineMs == 3_000)
        #expect(bench.at(1_500, .output(0, size: 10)) == [], "what was dropped is too late")
        #expect(
            bench.at(3_000, .deadline) == [.drop(1), .blame(1, Self.late(2_000)), .end(.failed(Self.late(2_000)))])
        #expect(bench.deadlineMs == nil)
    }

    @Test("Who waited its whole time in a queue says nothing against the server")
    func queued() {
        var bench = Bench([Self.limits(first: 1_000), Self.limits(first: 1_000)])
        _ = bench.begin()
        #expect(bench.at(1_000, .deadline) == [.drop(0), .forget(0), .ask(1, .fallback)])
    }

    @Test("A full queue leads to the next server, and to a failure where there is none")
    func crowded() {
        let full = EngineFailure(code: "engine_overloaded", message: "full")
        var bench = Bench([Self.limits(), Self.limits()])
        _ = bench.begin()
        #expect(bench.at(1, .crowded(0, full)) == [.forget(0), .ask(1, .fallback)])
        #expect(bench.at(2, .crowded(1, full)) == [.forget(1), .end(.failed(full))])
    }

    @Test("After its first output a failure is the answer's failure: what was heard is not said again")
    func tooLate() {
        var bench = Bench([Self.limits(first: 1_000), Self.limits(first: 1_000)])
        _ = bench.begin()
        _ = bench.at(100, .output(0, size: 10))
        _ = bench.at(100, .handedOn)
        #expect(
            bench.at(200, .failed(0, Self.unreachable))
                == [.blame(0, Self.unreachable), .end(.failed(Self.unreachable))])
    }

    @Test("A stall is measured from when the output was taken, not while it waits to be")
    func stall() {
        var bench = Bench([Self.limits(first: 1_000, stall: 500), Self.limits(first: 1_000)])
        _ = bench.begin()
        _ = bench.at(100, .output(0, size: 10))
        #expect(bench.deadlineMs == nil, "its output waits for room")
        #expect(bench.at(900, .deadline) == [])
        _ = bench.at(2_000, .handedOn)
        #expect(bench.deadlineMs == 2_500)
        #expect(
            bench.at(2_500, .deadline)
                == [.blame(0, Self.late(500)), .drop(0), .forget(0), .end(.failed(Self.late(500)))])
    }

    @Test("A hedge is asked beside a slow server, and whoever is second is dropped")
    func hedge() {
        var bench = Bench([Self.limits(first: 5_000, hedge: 400), Self.limits(first: 5_000)])
        _ = bench.begin()
        #expect(bench.deadlineMs == 400)
        #expect(bench.at(400, .deadline) == [.ask(1, .hedge)])
        #expect(bench.deadlineMs == 5_000)
        #expect(bench.at(700, .output(1, size: 10)) == [.praise(1), .drop(0), .forget(0), .handOn(1)])
        #expect(bench.at(701, .output(0, size: 10)) == [])
        #expect(bench.at(702, .failed(0, .cancelled)) == [])
        _ = bench.at(710, .handedOn)
        #expect(bench.at(900, .finished(1)) == [.end(.finished(1))])
    }

    @Test("While a hedge runs, the first server's failure asks nobody else")
    func hedgeStays() {
        var bench = Bench([Self.limits(hedge: 400), Self.limits(), Self.limits()])
        _ = bench.begin()
        _ = bench.at(400, .deadline)
        #expect(bench.at(450, .failed(0, Self.unreachable)) == [.blame(0, Self.unreachable)])
        #expect(bench.at(500, .output(1, size: 10)) == [.praise(1), .handOn(1)])
    }

    @Test("After the last server one is asked once more where that may help")
    func retry() {
        var bench = Bench([Self.limits()])
        _ = bench.begin()
        #expect(bench.at(5, .failed(0, Self.unreachable)) == [.blame(0, Self.unreachable)])
        #expect(bench.deadlineMs == 255)
        #expect(bench.at(255, .deadline) == [.ask(0, .retry)])
        #expect(
            bench.at(260, .failed(0, Self.unreachable))
                == [.blame(0, Self.unreachable), .end(.failed(Self.unreachable))])
    }

    @Test("What will fail again is not retried, nor what there is no time for")
    func noRetry() {
        var bench = Bench([Self.limits()])
        _ = bench.begin()
        #expect(
            bench.at(5, .failed(0, Self.unauthorized))
                == [.blame(0, Self.unauthorized), .end(.failed(Self.unauthorized))])
        let busy = EngineFailure(code: "engine_overloaded", message: "", retryAfter: .seconds(9))
        bench = Bench([Self.limits()])
        _ = bench.begin()
        #expect(bench.at(5, .failed(0, busy)) == [.blame(0, busy), .end(.failed(busy))])
        bench = Bench([Self.limits(first: 400)])
        _ = bench.begin()
        #expect(
            bench.at(5, .failed(0, Self.unreachable))
                == [.blame(0, Self.unreachable), .end(.failed(Self.unreachable))])
    }

    @Test("A second try has what time is left")
    func retryDeadline() {
        var bench = Bench([Self.limits(first: 1_000)])
        _ = bench.begin()
        _ = bench.at(5, .failed(0, Self.unreachable))
        #expect(bench.at(255, .deadline) == [.ask(0, .retry)])
        _ = bench.at(256, .admitted(0))
        #expect(bench.deadlineMs == 1_000)
        #expect(
            bench.at(1_000, .deadline) == [.drop(0), .blame(0, Self.late(745)), .end(.failed(Self.late(745)))])
    }

    @Test("An answer without end is ended, and the server blamed")
    func endless() {
        let endless = EngineFailure(code: "engine_error", message: "The language model answered without end.")
        var bench = Bench([Self.limits(), Self.limits()])
        _ = bench.begin()
        for ms in 1...10 {
            #expect(bench.at(ms, .output(0, size: 10)).last == .handOn(0))
            _ = bench.at(ms, .handedOn)
        }
        #expect(
            bench.at(11, .output(0, size: 1)) == [.blame(0, endless), .drop(0), .forget(0), .end(.failed(endless))])
    }

    @Test("An answer without any output is an answer")
    func silent() {
        var bench = Bench([Self.limits(hedge: 100), Self.limits()])
        _ = bench.begin()
        _ = bench.at(100, .deadline)
        #expect(bench.at(200, .finished(0)) == [.praise(0), .drop(1), .forget(1), .end(.finished(0))])
    }

    @Test("Cancelling drops everybody, and nothing is blamed")
    func cancelled() {
        var bench = Bench([Self.limits(hedge: 100), Self.limits()])
        _ = bench.begin()
        _ = bench.at(100, .deadline)
        #expect(
            bench.at(150, .cancelled)
                == [.drop(0), .forget(0), .drop(1), .forget(1), .end(.failed(.cancelled))])
        #expect(bench.at(151, .output(0, size: 10)) == [])
    }
}
