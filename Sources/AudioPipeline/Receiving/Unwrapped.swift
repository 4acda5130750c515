/// Turns a counter that wraps (RTP sequence numbers and timestamps) into one that does not: each value is taken as the
/// one nearest to the last (RFC 3550 Appendix A.1 keeps the same count as cycles).
struct Unwrapped<Raw: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
    private var last: Int64?

    /// The unwrapped value of `raw`; the first one stands for itself.
    mutating func callAsFunction(_ raw: Raw) -> Int64 {
        guard let last else {
            self.last = Int64(truncatingIfNeeded: raw)
            return Int64(truncatingIfNeeded: raw)
        }
        let distance = raw &- Raw(truncatingIfNeeded: last)
        let shift = 64 - Raw.bitWidth
        let step = (Int64(truncatingIfNeeded: distance) << shift) >> shift
        self.last = last &+ step
        return last &+ step
    }
}
