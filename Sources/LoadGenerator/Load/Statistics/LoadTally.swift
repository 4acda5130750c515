/// Everything counted and timed of a group, or of all.
package struct LoadTally: Sendable {
    package private(set) var counts: [LoadCount: Int] = [:]
    package private(set) var times: [LoadMeasure: LatencyHistogram] = [:]
    /// Why calls failed or were dropped, and how many for each reason.
    package private(set) var reasons: [String: Int] = [:]

    package init() {}

    package func count(_ count: LoadCount) -> Int { counts[count, default: 0] }

    package mutating func note(_ note: LoadNote) {
        switch note {
        case .count(let count, let number): counts[count, default: 0] += number
        case .time(let measure, let time, let interval):
            times[measure, default: LatencyHistogram()].record(time, every: interval)
        case .reason(let words): reasons[words, default: 0] += 1
        }
    }

    package mutating func add(_ other: LoadTally) {
        counts.merge(other.counts) { $0 + $1 }
        reasons.merge(other.reasons) { $0 + $1 }
        for (measure, histogram) in other.times { times[measure, default: LatencyHistogram()].add(histogram) }
    }

    /// Of the packets that were to come, those that did not, in per cent; nil without any.
    package var lossPercent: Double? {
        let expected = count(.packetsReceived) + count(.packetsLost)
        return expected > 0 ? Double(count(.packetsLost)) * 100 / Double(expected) : nil
    }
}
