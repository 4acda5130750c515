import Foundation
import SessionEngine
import Testing

/// The machine under random sessions: 100,000 of them where `EXPLORER_SEQUENCES` says so, fewer by default. A seed that
/// fails is printed; `EXPLORER_SEED` replays it and prints its inputs.
@Suite("Explorer")
struct ExplorerTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let sequences = environment["EXPLORER_SEQUENCES"].flatMap { UInt64($0) } ?? 2_000
    private static let seed = environment["EXPLORER_SEED"].flatMap { UInt64($0) }

    @Test("Random sessions keep every rule of the contract")
    func invariants() async {
        if let seed = Self.seed {
            let run = Exploration(seed: seed, keepsInputs: true)
            for input in run.inputs { print(input) }
            #expect(run.violations.isEmpty, "seed \(seed): \(run.violations)")
            return
        }
        let lanes = UInt64(max(1, ProcessInfo.processInfo.activeProcessorCount))
        await withTaskGroup { group in
            for lane in 0..<lanes {
                group.addTask {
                    for seed in stride(from: lane, to: Self.sequences, by: Int(lanes)) {
                        let run = Exploration(seed: seed)
                        guard let first = run.violations.first else { continue }
                        Issue.record("EXPLORER_SEED=\(seed) breaks \(first)")
                        return
                    }
                }
            }
        }
    }

    @Test(
        "Sessions that once broke a rule keep it: an apology after a message without a clause; words without sound beside another response",
        arguments: [27_863, 45_324] as [UInt64])
    func once(seed: UInt64) {
        #expect(Exploration(seed: seed).violations.isEmpty)
    }
}
