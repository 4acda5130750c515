import Foundation

/// How long people pause within a turn: the distribution behind eot-bench's silence baseline for English (share of held pauses
/// of 0.2 to 5 s that silence alone cuts off, livekit/eot-bench, README), straight between its points on logarithmic axes.
enum PauseLengths {
    private static let points: [(ms: Double, longer: Double)] = [
        (200, 1), (300, 0.556), (600, 0.217), (1_000, 0.10), (1_600, 0.05), (5_000, 1e-6),
    ]

    /// Share of held pauses that last longer than this: what acting then cuts off.
    static func share(longerThanMs ms: Double) -> Double {
        guard ms > points[0].ms else { return 1 }
        for (left, right) in zip(points, points.dropFirst()) where ms <= right.ms {
            let part = log(ms / left.ms) / log(right.ms / left.ms)
            return exp(log(left.longer) + part * log(right.longer / left.longer))
        }
        return 0
    }
}
