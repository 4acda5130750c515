import SessionEngine
import Testing

@testable import SpeechEngines

@Suite("How a server is") struct ServerHealthTests {
    private static let start = ContinuousClock.now
    private static let broken = EngineFailure(code: "engine_unreachable", message: "")

    private static func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test("A server that failed rests, is tried by one request, and is good again when that succeeds")
    func rest() {
        var health = ServerHealth(isProbed: false)
        #expect(health.standing(Self.at(0)) == .ready)
        health.failed(Self.broken, now: Self.at(0))
        #expect(health.standing(Self.at(0.9)) == .lastResort)
        #expect(health.standing(Self.at(1)) == .due)
        health.begin(Self.at(1))
        #expect(health.standing(Self.at(1)) == .lastResort, "one request tries it")
        health.succeeded()
        #expect(health.standing(Self.at(1)) == .ready)
    }

    @Test("Each failure after a rest doubles the next, up to half a minute")
    func backOff() {
        var health = ServerHealth(isProbed: false)
        var now = 0.0
        for rest in [1.0, 2, 4, 8, 16, 30, 30] {
            health.failed(Self.broken, now: Self.at(now))
            #expect(health.standing(Self.at(now + rest - 0.01)) == .lastResort)
            #expect(health.standing(Self.at(now + rest)) == .due)
            now += rest
            health.begin(Self.at(now))
        }
    }

    @Test("Requests that fail together count as one failure")
    func together() {
        var health = ServerHealth(isProbed: false)
        for _ in 0..<8 { health.failed(Self.broken, now: Self.at(0)) }
        #expect(health.standing(Self.at(1)) == .due)
    }

    @Test("A trial that nobody saw the end of lets the next request try")
    func abandoned() {
        var health = ServerHealth(isProbed: false)
        health.failed(Self.broken, now: Self.at(0))
        health.begin(Self.at(1))
        health.abandoned()
        #expect(health.standing(Self.at(1)) == .due)
    }

    @Test("A server that can be probed stays the last resort until it answers, and then one request tries it")
    func probe() {
        var health = ServerHealth(isProbed: true)
        #expect(!health.wantsProbe(Self.at(0)))
        health.failed(Self.broken, now: Self.at(0))
        #expect(!health.wantsProbe(Self.at(0.9)))
        #expect(health.wantsProbe(Self.at(1)))
        #expect(health.standing(Self.at(1)) == .lastResort)
        health.failed(Self.broken, now: Self.at(1))
        #expect(!health.wantsProbe(Self.at(2.9)), "an unanswered probe is a failure")
        #expect(health.wantsProbe(Self.at(3)))
        health.answered()
        #expect(health.standing(Self.at(3)) == .due)
        #expect(!health.wantsProbe(Self.at(3)))
        health.begin(Self.at(3))
        health.succeeded()
        #expect(health.standing(Self.at(3)) == .ready)
    }

    @Test("Retry-After closes a server for that long, five minutes at most")
    func retryAfter() {
        var health = ServerHealth(isProbed: false)
        health.failed(EngineFailure(code: "engine_overloaded", message: "", retryAfter: .seconds(20)), now: Self.at(0))
        #expect(health.standing(Self.at(19)) == .closed)
        #expect(health.standing(Self.at(20)) == .due)
        health.failed(
            EngineFailure(code: "engine_overloaded", message: "", retryAfter: .seconds(90_000)), now: Self.at(20))
        #expect(health.standing(Self.at(319)) == .closed)
        #expect(health.standing(Self.at(320)) == .due)
    }

    @Test(
        "What is wrong with a request says nothing against the server",
        arguments: ["cancelled", "engine_request_refused", "context_length_exceeded"])
    func request(code: String) {
        var health = ServerHealth(isProbed: false)
        health.failed(EngineFailure(code: code, message: ""), now: Self.at(0))
        #expect(health.standing(Self.at(0)) == .ready)
    }
}
