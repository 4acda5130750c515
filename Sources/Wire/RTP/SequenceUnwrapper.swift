/// Extends 16-bit RTP sequence numbers to counters that never wrap (RFC 3550 §A.1).
///
/// Each number is placed within half a cycle of the highest one so far, so that packets may overtake one another across
/// a wrap. Numbers before the first one come out negative when they lie in the cycle before it.
package struct SequenceUnwrapper: Sendable {
    private var highest: Int64?

    package init() {}

    package mutating func unwrap(_ raw: UInt16) -> Int64 {
        guard let highest else {
            self.highest = Int64(raw)
            return Int64(raw)
        }
        let step = Int16(bitPattern: raw &- UInt16(truncatingIfNeeded: highest))
        let extended = highest &+ Int64(step)
        self.highest = max(highest, extended)
        return extended
    }
}
