import Glibc
import Testing

@testable import PeerTransport

@Suite("How media sockets are read")
struct SocketLookTests {
    private let origin = ContinuousClock.now

    /// Rounds of a look that begins `early` before frames are due, each taking 0.1 ms and finding something.
    private func rounds(_ look: inout SocketLook, early: Duration) -> Int {
        var (now, count) = (origin, 0)
        look.begin(due: origin + early)
        repeat {
            count += 1
            now += .microseconds(100)
        } while look.goesOn(now: { now })
        return count
    }

    @Test("When frames are due five rounds are read of a flood, and the rest at once after them")
    func due() {
        var look = SocketLook(due: origin)
        let read = rounds(&look, early: .zero)
        #expect(read == 5)
        #expect(look.next == .zero)
    }

    @Test("Between frames a flood is read until the next are due, at most 65 rounds at a stretch")
    func between() {
        var look = SocketLook(due: origin)
        let untilDue = rounds(&look, early: .milliseconds(2))
        #expect(untilDue == 20)
        #expect(look.next == .zero)
        let most = rounds(&look, early: .milliseconds(20))
        #expect(most == 65)
        #expect(look.next == .zero)
    }

    @Test("A look that found much is followed by one after a millisecond, one that found little by the next tick's")
    func looksAgain() {
        var look = SocketLook(due: origin)
        #expect(look.next == nil)
        look.begin(due: origin + .milliseconds(5))
        let few = (0..<4).map { _ in look.goesOn(now: { origin }) }
        #expect(few == [true, true, true, true])
        #expect(look.next == nil)
        let fifth = look.goesOn(now: { origin })
        #expect(fifth)
        #expect(look.next == .milliseconds(1))
        // Nothing more came: the look after it finds nothing, and the one of the tick is enough.
        look.begin(due: origin + .milliseconds(5))
        #expect(look.next == nil)
        _ = rounds(&look, early: .zero)
        look.begin(due: origin + .milliseconds(5))
        #expect(look.next == .milliseconds(1))
    }

    @Test("A socket that is not asked keeps what comes, and gives it when it is asked again")
    func paused() throws {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        let poll = SocketPoll()
        var read = 0
        let reader = ends[0]
        let token = try #require(
            poll.add(reader) {
                var byte: UInt8 = 0
                guard recv(reader, &byte, 1, Int32(MSG_DONTWAIT)) == 1 else { return .nothing }
                read += 1
                return .took
            })
        poll.set(token, reader, isAsked: false)
        for _ in 0..<3 { #expect(send(ends[1], [7], 1, 0) == 1) }
        #expect(poll.round() == SocketPoll.Round())
        #expect(read == 0)
        poll.set(token, reader, isAsked: true)
        for _ in 0..<3 { #expect(poll.round() == SocketPoll.Round(took: true)) }
        #expect(poll.round() == SocketPoll.Round())
        #expect(read == 3)
        poll.remove(token, reader)
    }
}
