package import PeerTransport

/// Whether there is processor time for another session: a verdict over the last seconds of what the media loops and the
/// sessions' executor say of themselves.
///
/// Quality is lost when frames leave late, so lateness counts first; the loops' processor time refuses before that, and
/// counts sessions that were let in since the last reading as what the present ones cost, or a call in full speech at most:
/// setting calls up costs more for a moment.
package struct Headroom: Sendable {
    /// Above these no session is let in; in per cent, 100 lets all in.
    package struct Limits: Equatable, Sendable {
        /// Of ticks that came 10 ms or more after their time.
        package var latePercent: Int
        /// Of the media loops' time.
        package var busyPercent: Int
    }

    /// Readings come once a second.
    private static let window = 5
    /// Per cent of one processor core.
    private static let mostPerSession = 2.0

    private let limits: Limits
    private var readings: [(at: ContinuousClock.Instant, loops: [LoopReading])] = []
    private var admittedSince = 0

    package init(_ limits: Limits) { self.limits = limits }

    package mutating func note(_ loops: [LoopReading], now: ContinuousClock.Instant) {
        readings.append((now, loops))
        if readings.count > Self.window { readings.removeFirst() }
        admittedSince = 0
    }

    /// Takes another session, or says in words why not.
    package mutating func admit() -> String? {
        if limits.latePercent < 100, latePercent > Double(limits.latePercent) {
            return "Sound leaves late here already (media.max-late-percent); try again in some seconds."
        }
        if limits.busyPercent < 100, busyPercent > Double(limits.busyPercent) {
            return "The processors that carry sound are busy (media.max-busy-percent); try again in some seconds."
        }
        admittedSince += 1
        return nil
    }

    /// Over the window.
    package var latePercent: Double {
        guard let (first, last) = ends else { return 0 }
        let ticks = last.loops.sum(\.ticks) - first.loops.sum(\.ticks)
        guard ticks > 0 else { return 0 }
        return 100 * Double(last.loops.sum(\.lateTicks) - first.loops.sum(\.lateTicks)) / Double(ticks)
    }

    /// Over the window, and what the sessions admitted since will add.
    package var busyPercent: Double {
        guard let (first, last) = ends, !last.loops.isEmpty else { return 0 }
        let cpu = last.loops.reduce(.zero) { $0 + $1.cpu } - first.loops.reduce(Duration.zero) { $0 + $1.cpu }
        let busy = 100 * (cpu / (last.at - first.at)) / Double(last.loops.count)
        let members = last.loops.sum(\.members)
        guard members > 0 else { return busy }
        return busy + Double(admittedSince)
            * min(busy / Double(members), Self.mostPerSession / Double(last.loops.count))
    }

    private typealias Reading = (at: ContinuousClock.Instant, loops: [LoopReading])

    private var ends: (Reading, Reading)? {
        guard let first = readings.first, let last = readings.last, last.at > first.at else { return nil }
        return (first, last)
    }
}

extension [LoopReading] {
    fileprivate func sum(_ path: KeyPath<LoopReading, Int>) -> Int { reduce(0) { $0 + $1[keyPath: path] } }
}
