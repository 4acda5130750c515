import Glibc
import Testing

@testable import PeerTransport

/// Which address a call follows, on virtual time.
@Suite("Path follower")
struct PathFollowerTests {
    private let home = Heard.home
    private let away = Heard.away
    private let third = Heard.third

    @Test("A peer heard elsewhere after a silence is challenged there, and followed when it answers")
    func follows() {
        let peer = Heard()
        #expect(peer.hear(home, at: 0) == nil)
        let challenge = peer.hear(away, at: 200)
        #expect(challenge == .init(path: away, transaction: Heard.transaction(1)))
        #expect(peer.route == .agent)
        #expect(peer.answer(1, on: away, at: 230))
        #expect(peer.route == .direct(away))
        #expect(peer.path == away)
        #expect(peer.hear(away, at: 240) == nil)
    }

    @Test("While the peer is heard where it is, nothing from elsewhere counts")
    func presentPathWins() {
        let peer = Heard()
        for step in 0..<50 {
            #expect(peer.hear(home, at: 20 * step) == nil)
            #expect(peer.hear(away, at: 20 * step + 10) == nil)
        }
        #expect(peer.hear(away, at: 980 + 199) == nil)
    }

    @Test("A peer that is heard at its old address again stays there, whoever answers then")
    func comesBackInTime() {
        let peer = Heard()
        #expect(peer.hear(away, at: 300) != nil)
        #expect(peer.hear(home, at: 310) == nil)
        #expect(!peer.answer(1, on: away, at: 320))
        #expect(peer.route == .agent)
    }

    @Test("Neither another number, nor an answer from another address, nor the same answer twice moves a call")
    func wrongAnswers() {
        let peer = Heard()
        #expect(!peer.answer(1, on: away, at: 0))
        #expect(peer.hear(away, at: 300) != nil)
        #expect(!peer.answer(2, on: away, at: 310))
        #expect(!peer.answer(1, on: third, at: 310))
        #expect(peer.answer(1, on: away, at: 310))
        #expect(!peer.answer(1, on: away, at: 310))
    }

    @Test("An answer that comes long after the challenge moves nothing")
    func lateAnswer() {
        let peer = Heard()
        #expect(peer.hear(away, at: 300) != nil)
        #expect(!peer.answer(1, on: away, at: 2_301))
        #expect(peer.answer(1, on: away, at: 2_300))
    }

    @Test("Fifty packets a second from elsewhere are ten challenges, all of them the same one")
    func challengeRate() {
        let peer = Heard()
        let sent = (0..<50).compactMap { peer.hear(away, at: 300 + 20 * $0, number: UInt8($0)) }
        #expect(sent.count == 10)
        #expect(Set(sent.map(\.transaction)) == [Heard.transaction(0)])
    }

    @Test("An address that does not answer makes room for the next one after its time")
    func nextAddress() {
        let peer = Heard()
        #expect(peer.hear(away, at: 300, number: 1) != nil)
        #expect(peer.hear(third, at: 399, number: 2) == nil)
        #expect(peer.hear(third, at: 400, number: 3)?.path == third)
        #expect(!peer.answer(1, on: away, at: 410))
    }

    @Test("A peer that goes back to the agent's pair is challenged like any other, and the agent sends again")
    func goesBack() {
        let peer = Heard.moved()
        #expect(peer.hear(home, at: 600, number: 2)?.path == home)
        #expect(peer.answer(2, on: home, at: 610))
        #expect(peer.route == .agent)
    }

    @Test("What the agent reads of a direct pair tells nothing of where it came from")
    func packetsBehindSTUN() {
        let peer = Heard.moved()
        #expect(peer.hear(nil, at: 2000) == nil)
        #expect(peer.route == .direct(away))
    }

    @Test("A relayed peer that came in directly goes back to its relay after a silence")
    func relay() {
        let peer = Heard(nil)
        #expect(!peer.agentIsDirect)
        #expect(peer.hear(away, at: 300) != nil)
        #expect(peer.answer(1, on: away, at: 310))
        #expect(peer.hear(nil, at: 400) == nil)
        #expect(peer.route == .direct(away))
        #expect(peer.hear(nil, at: 510) == nil)
        #expect(peer.route == .agent)
    }

    @Test("A peer with two ways that sends by the other is followed once: what it answers where it was moves nothing")
    func twoWays() {
        let peer = Heard.moved()
        for ms in stride(from: 320, to: 2_000, by: 20) {
            #expect(peer.hear(away, at: ms) == nil)
            #expect(!peer.answer(1, on: home, at: ms))
            #expect(peer.route == .direct(away))
        }
    }

    @Test("A pair that the agent selects later is believed")
    func agentSelects() {
        let peer = Heard.moved()
        peer.select(third, at: 1000)
        #expect(peer.route == .agent)
        #expect(peer.path == third)
    }

}

/// Where one peer was heard, by the milliseconds since the start.
private final class Heard {
    static let home = path(1)
    static let away = path(2)
    static let third = path(3)

    private let origin = ContinuousClock.now
    private var follower: PathFollower

    var route: PathFollower.Route { follower.route }
    var path: DatagramPath? { follower.path }
    var agentIsDirect: Bool { follower.agentIsDirect }

    /// The agent's pair leads to `path`.
    init(_ path: DatagramPath? = home) {
        follower = PathFollower(now: origin)
        follower.agentSelected(path, now: origin)
    }

    /// A peer at `away` since 310 ms.
    static func moved() -> Heard {
        let heard = Heard()
        #expect(heard.hear(away, at: 300) != nil)
        #expect(heard.answer(1, on: away, at: 310))
        return heard
    }

    func hear(_ path: DatagramPath?, at ms: Int, number: UInt8 = 1) -> PathFollower.Challenge? {
        follower.heard(on: path, now: origin + .milliseconds(ms)) { Heard.transaction(number) }
    }

    func answer(_ number: UInt8, on path: DatagramPath, at ms: Int) -> Bool {
        follower.answered(Heard.transaction(number), on: path, now: origin + .milliseconds(ms))
    }

    func select(_ path: DatagramPath?, at ms: Int) { follower.agentSelected(path, now: origin + .milliseconds(ms)) }

    static func transaction(_ number: UInt8) -> STUNTransaction {
        STUNTransaction(bytes: [UInt8](repeating: number, count: STUNTransaction.length))
    }

    private static func path(_ host: UInt64) -> DatagramPath {
        DatagramPath(socket: 0, address: SocketAddress(family: AF_INET, port: 1, high: 0, low: host))
    }
}
