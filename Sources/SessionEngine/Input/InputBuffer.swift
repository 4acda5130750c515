/// The audio a client has given and not committed yet: positions only, the samples are with the driver.
struct InputBuffer: Equatable, Sendable {
    /// A shorter commit by the client is refused (RT-086).
    static let minCommitMs = 100
    /// What is kept behind voice activity while nobody speaks or commits; the oldest goes. Longer than the longest idle
    /// timeout.
    static let maxQuietMs = 60_000
    /// What is kept in any case, for a client that commits by hand or appends faster than voice activity follows: a little
    /// more than the longest append (15 MiB of PCM are 328 s), and less than the six minutes the driver holds.
    static let maxMs = 330_000
    /// The oldest goes in steps of this, so that not every packet costs an effect.
    private static let trimStepMs = 5_000

    /// Of the first sample not committed.
    private(set) var start = AudioPosition(rawValue: 0)
    /// Of everything written in this session.
    private(set) var end = AudioPosition(rawValue: 0)

    var bufferedMs: Int { end.ms(since: start) }

    /// Positions never go back; one that does is ignored.
    mutating func advance(to position: AudioPosition) {
        end = max(end, position)
    }

    /// Takes what is buffered up to `upper`, from `lower` where a turn began later than the buffer; empties it so far.
    mutating func take(from lower: AudioPosition?, to upper: AudioPosition?) -> Range<AudioPosition> {
        let last = min(max(upper ?? end, start), end)
        let first = min(max(lower ?? start, start), last)
        start = last
        return first..<last
    }

    /// Empties the buffer.
    mutating func clear() { start = end }

    /// Drops what is older than `maxMs` before `position`; the new start when that was due.
    mutating func trim(to maxMs: Int, before position: AudioPosition) -> AudioPosition? {
        guard position.ms(since: start) >= maxMs + Self.trimStepMs else { return nil }
        start = position.advanced(byMs: -maxMs)
        return start
    }
}

extension AudioPosition {
    /// Whole milliseconds from an earlier position to this one.
    package func ms(since earlier: AudioPosition) -> Int {
        Int((rawValue &- earlier.rawValue) / Self.ticksPerMs)
    }
}
