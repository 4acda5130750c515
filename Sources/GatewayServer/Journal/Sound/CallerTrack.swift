/// Where a caller's sound stands in a recording, in samples since its beginning. Pure.
///
/// Sound that comes late after a pause tells nothing of what the pause was. If the caller's clock stood still, sound goes on where it
/// came. If the network held it up, more comes at once than can have been spoken since: then it belongs into the pause, and what stood
/// after it is moved there.
struct CallerTrack {
    /// Sound comes faster than it is spoken no longer than this after the network has let it go: 1 s.
    private static let longestRelease = 24_000

    private var track = SoundTrack()
    /// Sound that was put after a pause, and may belong into it.
    private var jump: (from: Int, to: Int, samples: [Int16])?
    /// Since when more than was spoken comes, until all is there.
    private var releasedAt: Int?

    /// What a client sends, as fast as it likes.
    mutating func append(_ samples: [Int16], at start: Int) -> [RecordedSound.Change] {
        [.sound(.client, at: track.place(samples.count, at: start), samples)]
    }

    /// What is spoken until `now`, after `gap` samples that are missing.
    mutating func receive(_ samples: [Int16], now: Int, after gap: Int) -> [RecordedSound.Change] {
        let moved = now + SoundTrack.slack < track.end + gap + samples.count ? moveBack(now) : []
        let next = track.end + gap
        if let since = releasedAt, next + samples.count + SoundTrack.slack >= now || now - since > Self.longestRelease {
            releasedAt = nil
        }
        let hadBegun = track.hasBegun
        let start = releasedAt == nil ? max(0, now - samples.count) : next
        let position = track.place(samples.count, at: start, after: gap)
        if position > next, hadBegun {
            jump = (next, position, samples)
        } else if let waiting = jump {
            let isOld = waiting.samples.count > 2 * SoundTrack.slack
            jump?.samples += [Int16](repeating: 0, count: isOld ? 0 : min(gap, SoundTrack.slack)) + samples
            if isOld || gap > SoundTrack.slack { jump = nil }
        }
        return moved + [.sound(.client, at: position, samples)]
    }

    private mutating func moveBack(_ now: Int) -> [RecordedSound.Change] {
        guard let late = jump else { return [] }
        jump = nil
        releasedAt = now
        let unheard = track.cut(at: late.from)
        _ = track.place(late.samples.count, at: late.from)
        return [
            .silence(.client, max(late.to, unheard.lowerBound)..<unheard.upperBound),
            .sound(.client, at: late.from, late.samples),
        ]
    }
}
