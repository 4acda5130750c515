import Glibc

/// A fixed number of media loops; new peers go to the least loaded.
package final class MediaLoopPool: Sendable {
    package let loops: [MediaLoop]

    /// `count` loops, or one per processor core when it is zero.
    package init(count: Int) {
        let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        loops = (0..<(count > 0 ? count : cores)).map { MediaLoop(name: "media-\($0)") }
    }

    /// The loop with the fewest peers.
    package var leastLoaded: MediaLoop {
        loops.dropFirst().reduce(loops[0]) { $1.memberCount < $0.memberCount ? $1 : $0 }
    }

    /// Ends the threads and waits for them.
    package func stop() {
        for loop in loops { loop.stop() }
        for loop in loops { loop.join() }
    }
}
