import SessionEngine
import Testing

@testable import SpeechEngines

@Suite("Whom a request is put to, whatever happens") struct ServerRaceExplorerTests {
    /// SplitMix64, so that a sequence is its seed.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// What a driver would know, and what must hold of it.
    private struct World {
        var race: ServerRace
        var now = ContinuousClock.now
        var running: Set<Int> = []
        var dropped: Set<Int> = []
        var winner: Int?
        var outcome: ServerRace.Outcome?
        var asked: [Int: Int] = [:]

        mutating func perform(_ effects: [ServerRace.Effect]) {
            for effect in effects {
                #expect(outcome == nil, "nothing follows the end")
                switch effect {
                case .ask(let server, _):
                    #expect(!running.contains(server), "a server has one request of this at a time")
                    #expect(winner == nil, "nothing is asked again once it was heard")
                    running.insert(server)
                    dropped.remove(server)
                    asked[server, default: 0] += 1
                case .drop(let server):
                    #expect(running.contains(server))
                    dropped.insert(server)
                case .handOn(let server):
                    #expect(winner == nil || winner == server, "one voice is heard")
                    #expect(running.contains(server) && !dropped.contains(server))
                    winner = server
                case .end(let end): outcome = end
                case .blame, .praise, .forget: break
                }
            }
        }
    }

    @Test("In any order of events one server at most is heard, and in the end nobody is left asked", arguments: 0..<40)
    func explore(block: Int) {
        for seed in 0..<250 {
            var random = Random(state: UInt64(block * 250 + seed))
            explore(&random)
        }
    }

    private func explore(_ random: inout Random) {
        let entrants = (0..<Int.random(in: 1...4, using: &random)).map { server in
            var limits = ServerLimits()
            if Bool.random(using: &random) {
                limits.firstOutput = .milliseconds(Int.random(in: 1...500, using: &random))
            }
            if Bool.random(using: &random) { limits.stall = .milliseconds(Int.random(in: 1...500, using: &random)) }
            if Bool.random(using: &random) { limits.hedge = .milliseconds(Int.random(in: 1...500, using: &random)) }
            return ServerRace.Entrant(server: server, limits: limits)
        }
        var world = World(race: ServerRace("voice", entrants, bound: 200, now: .now))
        world.perform(world.race.begin(now: world.now))
        for _ in 0..<200 where world.outcome == nil {
            // What nobody is asked for and no deadline brings would be waited for in vain.
            let live = world.running.subtracting(world.dropped)
            #expect(!live.isEmpty || world.race.nextDeadline != nil)
            let input = input(&random, &world)
            world.perform(world.race.handle(input, now: world.now))
            if case .output = input, world.winner != nil, world.outcome == nil {
                world.perform(world.race.handle(.handedOn, now: world.now))
            }
        }
        if world.outcome == nil { world.perform(world.race.handle(.cancelled, now: world.now)) }
        #expect(world.outcome != nil)
        #expect(world.race.nextDeadline == nil)
        var left = world.running.subtracting(world.dropped)
        if case .finished(let server)? = world.outcome { left.remove(server) }
        #expect(left.isEmpty, "everybody who was asked ended or was dropped")
        #expect(world.asked.values.reduce(0, +) <= entrants.count + 1, "each once, and one once more")
        #expect(world.race.handle(.output(0, size: 1), now: world.now).isEmpty)
    }

    /// Something that may happen now; time goes on, at times to the next deadline.
    private func input(_ random: inout Random, _ world: inout World) -> ServerRace.Input {
        world.now += .milliseconds(Int.random(in: 0...40, using: &random))
        guard let server = world.running.sorted().randomElement(using: &random),
            Int.random(in: 0..<4, using: &random) > 0
        else {
            if let deadline = world.race.nextDeadline { world.now = max(world.now, deadline) }
            return .deadline
        }
        let failure = EngineFailure(
            code: ["engine_unreachable", "engine_unauthorized"].randomElement(using: &random) ?? "", message: "")
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return .admitted(server)
        case 1 where server != world.winner:
            world.running.remove(server)
            return .crowded(server, failure)
        case 2:
            world.running.remove(server)
            return .failed(server, failure)
        case 3:
            if world.dropped.contains(server) { return .output(server, size: 3) }
            return .finished(server)
        default: return .output(server, size: 3)
        }
    }
}
