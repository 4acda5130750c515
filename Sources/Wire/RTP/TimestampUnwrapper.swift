/// Extends 32-bit RTP timestamps, in units of the codec's clock, to a time line that never wraps (RFC 3550 §5.1).
///
/// Each timestamp is placed within half a cycle of the highest one so far, so that packets may overtake one another
/// across a wrap.
package struct TimestampUnwrapper: Sendable {
    private var highest: Int64?

    package init() {}

    package mutating func unwrap(_ raw: UInt32) -> Int64 {
        guard let highest else {
            self.highest = Int64(raw)
            return Int64(raw)
        }
        let step = Int32(bitPattern: raw &- UInt32(truncatingIfNeeded: highest))
        let extended = highest &+ Int64(step)
        self.highest = max(highest, extended)
        return extended
    }
}
