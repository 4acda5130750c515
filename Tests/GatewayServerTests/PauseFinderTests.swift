import Testing

@testable import GatewayServer

@Suite("Pauses between sessions")
struct PauseFinderTests {
    @Test("A pause is found once, at the second look that finds no session, and never before there was one")
    func once() {
        var pauses = PauseFinder()
        let looks = [0, 0, 0, 3, 0, 1, 0, 0, 0, 0, 2, 0, 0]
        let found = looks.map { pauses.note(sessions: $0) }
        #expect(found.indices.filter { found[$0] } == [7, 12])
    }
}
