/// Whether something stays as it is while a load does.
package enum SteadyGrowth {
    /// By how much the last quarter of `steady` is above the quarter before it, by their means, in per cent; below zero where it is
    /// less. Nil where one of them has nothing, or is nothing.
    package static func percent(_ points: [(seconds: Double, value: Double)], in steady: ClosedRange<Double>) -> Double?
    {
        let quarter = (steady.upperBound - steady.lowerBound) / 4
        let last = steady.upperBound - quarter
        func mean(_ range: Range<Double>) -> Double? {
            let values = points.filter { range.contains($0.seconds) }.map(\.value)
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        guard quarter > 0, let before = mean((last - quarter)..<last), let after = mean(last..<steady.upperBound),
            before != 0
        else { return nil }
        return (after - before) * 100 / before
    }
}
