import Foundation

/// One score of everything that is known: logistic regression over `TurnFeatures`.
///
/// The numbers come from `Benchmarks/TurnBench/fit.py` over the tuning half of `Benchmarks/TurnBench/pauses.tsv` (every other
/// voice by name; docs/turn-taking.md says how they were labelled and what they are worth on the other half).
package enum TurnFusion {
    static let intercept = -2.744
    /// In the order of `TurnFeatures.names`.
    static let weights = [0.112, 0.801, -0.361, -0.230, -1.817, 0.043, -0.162, -0.491, -3.651, -2.688, -3.304, 0.370]
    /// Means of the transcript's features over the tuning half, for a turn that was not read.
    static let middleOfTranscripts = [0.357, 0.076, 0.071, 0.107, 0.008, 0.064]

    /// 0 (in mid-sentence) to 1 (done).
    package static func score(_ features: TurnFeatures) -> Double {
        let sum = zip(weights, features.values).reduce(intercept) { $0 + $1.0 * $1.1 }
        return 1 / (1 + exp(-sum))
    }
}
