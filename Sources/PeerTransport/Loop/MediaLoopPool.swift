import Glibc

/// A fixed number of media loops. A new peer goes where there are others, as a loop that has some wakes 200 times a second however
/// few they are; where many are, or much is done, to the least loaded.
package final class MediaLoopPool: Sendable {
    package let loops: [MediaLoop]

    /// `count` loops, or one per processor core when it is zero.
    package init(count: Int) {
        let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        loops = (0..<(count > 0 ? count : cores)).map { MediaLoop(name: "media-\($0)") }
    }

    /// So many that all talk at once take about two fifths of a core.
    static let company = 24
    /// Of a core: as much on slower machines.
    static let companyShare = 0.4

    /// The loop for another peer.
    package var next: MediaLoop {
        loops[Self.place(among: loops.map { ($0.memberCount, $0.share) })]
    }

    /// Where a peer goes among loops with so many peers that take such a share of a core; there must be one.
    static func place(among loops: [(members: Int, share: Double)]) -> Int {
        let open = loops.indices.filter { loops[$0].members < company && loops[$0].share < companyShare }
        return open.max { (loops[$0].members, $1) < (loops[$1].members, $0) }
            ?? loops.indices.min { (loops[$0].members, $0) < (loops[$1].members, $1) } ?? 0
    }

    /// Ends the threads and waits for them.
    package func stop() {
        for loop in loops { loop.stop() }
        for loop in loops { loop.join() }
    }
}
