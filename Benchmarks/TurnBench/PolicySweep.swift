import Foundation

/// eot-bench's policy: the turn ends when the score has reached a threshold, not before a delay, and at a timeout in any case.
/// Every combination, on one list of pauses.
struct PolicySweep {
    /// One pause, with its scores in the order of `Assessor.silencesMs`.
    struct Item {
        let isEnd: Bool
        let scores: [Double]
    }

    struct Policy {
        let threshold: Double
        let delayMs: Double
        let timeoutMs: Double
    }

    /// What a policy does on a list of pauses.
    struct Outcome {
        /// Share of held pauses that are cut off.
        let cutOff: Double
        /// Mean wait after a turn that was over.
        let latencyMs: Double
    }

    private static let delaysMs: [Double] = [200, 250, 300, 350, 400, 500, 600, 800]
    private static let timeoutsMs: [Double] = [400, 500, 600, 800, 1_000, 1_200, 1_500, 2_000, 3_000, 4_000]

    private let isEnd: [Bool]
    /// For each policy and pause what it costs: the wait in ms at an end, the share that is cut off at a held one.
    private let costs: [[Double]]

    init(_ items: [Item]) {
        isEnd = items.map(\.isEnd)
        let scores = items.flatMap(\.scores).sorted()
        let thresholds = (0...50).map { scores[$0 * (scores.count - 1) / 50] } + [1.1]
        let policies = thresholds.flatMap { threshold in
            Self.delaysMs.flatMap { delay in
                Self.timeoutsMs.filter { $0 >= delay }.map {
                    Policy(threshold: threshold, delayMs: delay, timeoutMs: $0)
                }
            }
        }
        let all = policies.map { policy in
            items.map { item in
                let action = Self.action(policy, item.scores)
                return item.isEnd ? action : PauseLengths.share(longerThanMs: action)
            }
        }
        costs = Array(Set(all))
    }

    /// Least share of cut-offs with a mean latency of at most so much; each pause counts as often as is given.
    func cutOff(latencyMs budget: Double, counting counts: [Double]) -> Double {
        outcomes(counts).filter { $0.latencyMs <= budget }.map(\.cutOff).min() ?? 1
    }

    /// Least mean latency with at most such a share of cut-offs.
    func latencyMs(cutOff budget: Double, counting counts: [Double]) -> Double {
        outcomes(counts).filter { $0.cutOff <= budget }.map(\.latencyMs).min() ?? .infinity
    }

    private func outcomes(_ counts: [Double]) -> [Outcome] {
        let ofEnds = zip(counts, isEnd).map { $1 ? $0 : 0 }
        let ofHolds = zip(counts, isEnd).map { $1 ? 0 : $0 }
        let (ends, holds) = (max(ofEnds.reduce(0, +), 1), max(ofHolds.reduce(0, +), 1))
        return costs.map { cost in
            var (wait, cut) = (0.0, 0.0)
            for index in cost.indices {
                wait += ofEnds[index] * cost[index]
                cut += ofHolds[index] * cost[index]
            }
            return Outcome(cutOff: cut / holds, latencyMs: wait / ends)
        }
    }

    static func outcome(_ acts: [(isEnd: Bool, ms: Double)]) -> Outcome {
        var (cut, held, wait, ends) = (0.0, 0.0, 0.0, 0.0)
        for act in acts {
            if act.isEnd {
                wait += act.ms
                ends += 1
            } else {
                cut += PauseLengths.share(longerThanMs: act.ms)
                held += 1
            }
        }
        return Outcome(cutOff: held > 0 ? cut / held : 0, latencyMs: ends > 0 ? wait / ends : 0)
    }

    /// The latest score counts, as soon as it is there.
    private static func action(_ policy: Policy, _ scores: [Double]) -> Double {
        for (index, score) in scores.enumerated() where score >= policy.threshold {
            let time = max(Double(Assessor.silencesMs[index]), policy.delayMs)
            let next = index + 1 < scores.count ? Double(Assessor.silencesMs[index + 1]) : .infinity
            if time < next { return min(time, policy.timeoutMs) }
        }
        return policy.timeoutMs
    }
}
