/// Where the sound of one side stands in a recording, in samples since its beginning. Pure.
///
/// Sound comes in pieces that the network holds up and lets go: one that should begin a little after the end of the last begins
/// right at it, so that no word is cut. One that comes before that end, from a client that sends faster than it speaks, waits for
/// its turn.
struct SoundTrack {
    /// 200 ms at 24 kHz.
    static let slack = 4_800

    /// Where the next sound may begin.
    private(set) var end = 0
    private(set) var hasBegun = false

    /// Where `count` samples stand that should begin at `start`; `gap` samples before them are known to be missing, and sound
    /// that begins something new stands where it should, however little that is after the end.
    mutating func place(_ count: Int, at start: Int, after gap: Int = 0, isNew: Bool = false) -> Int {
        let next = end + gap
        let position = !hasBegun || start > next + (isNew ? 0 : Self.slack) ? max(start, next) : next
        hasBegun = true
        end = position + count
        return position
    }

    /// What stands after `position` has not been heard; the part of the track it stood in.
    mutating func cut(at position: Int) -> Range<Int> {
        let part = min(position, end)..<end
        end = part.lowerBound
        return part
    }
}
