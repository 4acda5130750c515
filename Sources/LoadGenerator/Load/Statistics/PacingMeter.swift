/// How far packets stray from the schedule that their timestamps name.
///
/// The earliest packet of a minute is taken to be on time; every other one is late by what it came later than its timestamp
/// says. A minute, because two machines' clocks drift apart by milliseconds in more.
package struct PacingMeter: Sendable {
    private static let window = Duration.seconds(60)
    /// Such a step is no lateness: the sender's clock began anew.
    private static let jump = Duration.milliseconds(500)

    private let clockRate: Int64
    private var base: (arrival: ContinuousClock.Instant, timestamp: Int64)?
    /// Arrival less timestamp since `base`, in microseconds.
    private var transits: [Int32] = []
    private var last: Duration = .zero
    private var late: [Duration] = []

    /// - Parameter clockRate: of the timestamps, in Hz.
    package init(clockRate: Int) { self.clockRate = Int64(max(1, clockRate)) }

    package mutating func receive(timestamp: Int64, now: ContinuousClock.Instant) {
        if let base {
            let due = Duration.microseconds((timestamp &- base.timestamp) * 1_000_000 / clockRate)
            let transit = base.arrival.duration(to: now) - due
            let isJump = transit - last > Self.jump || last - transit > Self.jump
            if !isJump, base.arrival.duration(to: now) < Self.window {
                transits.append(Int32(clamping: transit.wholeMicroseconds))
                last = transit
                return
            }
            close()
        }
        base = (now, timestamp)
        transits.append(0)
        last = .zero
    }

    /// The errors of all packets since the last call; those of a minute under way come with its end, or with `isLast`.
    package mutating func take(isLast: Bool = false) -> [Duration] {
        if isLast { close() }
        defer { late.removeAll(keepingCapacity: true) }
        return late
    }

    private mutating func close() {
        guard let earliest = transits.min() else { return }
        for transit in transits { late.append(.microseconds(Int64(transit) - Int64(earliest))) }
        transits.removeAll(keepingCapacity: true)
        base = nil
    }
}
