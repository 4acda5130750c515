import Testing

@testable import PeerTransport

@Suite("Media loop pool") struct MediaLoopPoolTests {
    private static let full = MediaLoopPool.company
    private static let busy = MediaLoopPool.companyShare

    struct Case: Sendable {
        let members: [Int]
        let shares: [Double]
        let place: Int

        init(_ members: [Int], _ shares: [Double], _ place: Int) {
            self.members = members
            self.shares = shares
            self.place = place
        }
    }

    @Test(
        "A peer goes where most others are that leave room for it, and else where the fewest are",
        arguments: [
            Case([0, 0], [0, 0], 0), Case([3, 5], [0, 0.1], 1), Case([4, 4], [0, 0], 0),
            Case([full, 2], [0.1, 0], 1), Case([full - 1, 2], [0.1, 0], 0), Case([8, 0], [busy, 0], 1),
            Case([full + 1, full], [0, 0], 1), Case([9, 8, 9], [0.9, busy, 0.5], 1),
        ])
    func place(_ asked: Case) {
        #expect(MediaLoopPool.place(among: zip(asked.members, asked.shares).map { ($0, $1) }) == asked.place)
    }
}
