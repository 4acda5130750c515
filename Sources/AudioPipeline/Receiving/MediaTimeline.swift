/// Maps the RTP timestamps of one call onto the media clock, which only goes forward.
///
///     next timestamp as expected   the block stands right after the last one
///     a gap (loss, mute)           the index advances by the gap, as far as the time that passed allows it
///     backward, or ahead of time   a jump: the source restarted its clock; ours goes on by the time that passed
///     a new source                 the same
///     contiguous, but long behind  the source stopped its clock while it was silent: ours makes the time good
///
/// Neither gaps nor sound can bring the clock ahead of time by more than a burst, however many packets claim it.
///
/// Ticks are 1/48000 s throughout.
struct MediaTimeline: Sendable {
    /// How much further than the time that passed a timestamp, and all of them together, may go: network bursts.
    private static let tolerance: Int64 = 2 * 48_000
    /// A sender's clock may be fast by one part in this many.
    private static let drift: Int64 = 100

    /// So far behind the time that passed, for so long without a break, the clock was stopped: the packets that a network
    /// held up come all at once and are not behind any more.
    private static let behind: Int64 = 48_000
    private static let behindFor = Duration.seconds(2)

    private let ticksPerTimestamp: Int64
    /// Where the next sample stands.
    private(set) var end = SampleIndex(rawValue: 0)
    /// Length of the last block.
    private(set) var lastLength: Int64 = 960
    /// The RTP timestamp that belongs to `end`; nil before the first packet of a source.
    private var expected: Int64?
    /// When the first block was placed, and the last one.
    private var began: ContinuousClock.Instant?
    private var placed: ContinuousClock.Instant?
    /// Since when the clock is behind, and by how much at least.
    private var lag: (since: ContinuousClock.Instant, least: Int64)?

    init(ticksPerTimestamp: Int64) {
        self.ticksPerTimestamp = ticksPerTimestamp
    }

    /// Ticks between `end` and `timestamp`; nil before the first packet, or when it is no plausible gap at `now`.
    func gap(to timestamp: Int64, now: ContinuousClock.Instant) -> Int64? {
        guard let expected else { return nil }
        let units = timestamp &- expected
        guard units >= 0, units <= Int64(UInt32.max) else { return nil }
        let gap = units * ticksPerTimestamp
        guard gap <= elapsed(now) + Self.tolerance else { return nil }
        return gap == 0 || end.rawValue + gap <= furthest(now) ? gap : nil
    }

    /// Whether the clock is ahead of time already, so that more sound must be dropped.
    func isAhead(now: ContinuousClock.Instant) -> Bool { end.rawValue > furthest(now) }

    /// Places a packet of `length` ticks and returns where it starts and whether its timestamp jumped.
    mutating func place(
        timestamp: Int64, length: Int64, now: ContinuousClock.Instant
    ) -> (start: SampleIndex, jumped: Bool) {
        var jumped = catchUp(now: now)
        if let gap = gap(to: timestamp, now: now) {
            end.rawValue &+= gap
        } else if let expected {
            jumped = true
            let overlap = expected &- timestamp
            let overlapsLast = overlap > 0 && overlap < length / ticksPerTimestamp
            if !overlapsLast { passTime(until: now) }
        }
        let start = end
        end.rawValue &+= length
        expected = timestamp &+ length / ticksPerTimestamp
        lastLength = length
        placed = now
        began = began ?? now
        return (start, jumped)
    }

    /// Fills `length` ticks from `end` on, for packets that never came, and returns where they start.
    mutating func fill(length: Int64) -> SampleIndex {
        let start = end
        end.rawValue &+= length
        expected = expected.map { $0 &+ length / ticksPerTimestamp }
        return start
    }

    /// Another source takes over with a packet that arrives at `now`: the clock goes on by the time that passed.
    mutating func changeSource(now: ContinuousClock.Instant) {
        passTime(until: now)
        expected = nil
        placed = now
    }

    /// Makes good what the source's clock was stopped for; true when there was something.
    private mutating func catchUp(now: ContinuousClock.Instant) -> Bool {
        let behind = (began.map { $0.duration(to: now).ticks48k } ?? 0) - end.rawValue
        guard behind > Self.behind else {
            lag = nil
            return false
        }
        let known = lag ?? (now, behind)
        let least = min(known.least, behind)
        guard known.since.duration(to: now) >= Self.behindFor else {
            lag = (known.since, least)
            return false
        }
        end.rawValue &+= least
        lag = nil
        return true
    }

    /// Advances by the time since the last block, less the block that is about to be placed.
    private mutating func passTime(until now: ContinuousClock.Instant) {
        end.rawValue &+= max(0, elapsed(now) - lastLength)
    }

    /// Where the clock may stand at `now`.
    private func furthest(_ now: ContinuousClock.Instant) -> Int64 {
        let passed = began.map { $0.duration(to: now).ticks48k } ?? 0
        return passed + passed / Self.drift + Self.tolerance
    }

    private func elapsed(_ now: ContinuousClock.Instant) -> Int64 {
        placed.map { $0.duration(to: now).ticks48k } ?? 0
    }
}
