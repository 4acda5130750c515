/// How long packets waited in a jitter buffer, counted by bands.
package struct HoldTimes: Equatable, Sendable {
    /// Upper edges of the bands in milliseconds, inclusive; the last band has none.
    package static let edgesMs: [Int] = [0, 10, 20, 40, 60, 100, 200]

    /// Packets in each band; those of the first were released as they came.
    package private(set) var packets = SIMD8<UInt64>()

    package init() {}

    mutating func add(_ time: Duration) {
        let milliseconds = time.wholeMs
        let band = Self.edgesMs.firstIndex { milliseconds <= $0 } ?? Self.edgesMs.count
        packets[band] &+= 1
    }
}

extension Duration {
    /// Rounded down; a length that no buffer holds is clamped.
    fileprivate var wholeMs: Int {
        Int(clamping: components.seconds) &* 1_000 &+ Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
