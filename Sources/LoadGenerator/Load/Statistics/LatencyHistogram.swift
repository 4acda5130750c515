import Histogram

/// Times from 1 µs to an hour to three digits (HdrHistogram).
package struct LatencyHistogram: Sendable {
    private static let highestMicroseconds: UInt64 = 3_600_000_000
    /// Percentiles that reports show.
    package static let percentiles: [(name: String, value: Double)] = [
        ("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99), ("p999", 99.9),
    ]

    private var histogram = Histogram<UInt32>(
        highestTrackableValue: highestMicroseconds, numberOfSignificantValueDigits: .three)

    package init() {}

    /// Times recorded, those added by the correction among them.
    package var count: Int { Int(clamping: histogram.totalCount) }

    /// One time; below zero counts as zero.
    ///
    /// - Parameter every: where one who waits cannot ask again, how often it would have asked: a time longer than that stands
    ///   for the times of the questions not asked too (coordinated omission).
    package mutating func record(_ time: Duration, every interval: Duration? = nil) {
        let value = min(Self.highestMicroseconds, UInt64(clamping: time.wholeMicroseconds))
        if let interval, interval > .zero {
            _ = histogram.recordCorrectedValue(value, expectedInterval: UInt64(clamping: interval.wholeMicroseconds))
        } else {
            _ = histogram.record(value)
        }
    }

    package mutating func add(_ other: LatencyHistogram) {
        if other.count > 0 { histogram.add(other.histogram) }
    }

    /// In milliseconds; nil without any.
    package func percentile(_ percentile: Double) -> Double? {
        count > 0 ? Double(histogram.valueAtPercentile(percentile)) / 1_000 : nil
    }

    package var meanMs: Double? { count > 0 ? histogram.mean / 1_000 : nil }
    package var leastMs: Double? { count > 0 ? Double(histogram.min) / 1_000 : nil }
    package var mostMs: Double? { count > 0 ? Double(histogram.max) / 1_000 : nil }
}

extension Duration {
    /// Rounded down.
    var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflows ? (seconds < 0 ? .min : .max) : product + attoseconds / 1_000_000_000_000
    }
}
