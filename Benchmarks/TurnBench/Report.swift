import Foundation
import RealtimeProtocol

/// The tables of one half of the pauses.
struct Report {
    let half: Pause.Half
    let assessed: [Assessor.Assessed]

    private static let draws = 1_000
    private static let budgetMs = 300.0

    private var ends: Int { assessed.count { $0.pause.isEnd } }
    private var everything: [Double] { assessed.map { _ in 1 } }

    private func sweep(_ scores: (Assessor.Assessed) -> [Double]) -> PolicySweep {
        PolicySweep(assessed.map { PolicySweep.Item(isEnd: $0.pause.isEnd, scores: scores($0)) })
    }

    var markdown: String {
        let voices = Set(assessed.map(\.pause.voice)).count
        let fused = sweep { $0.points.map(\.fused) }
        let alone = sweep { $0.points.map(\.smartTurn) }
        let silence = sweep { $0.points.map { _ in 0 } }
        let rows = [
            ("fused", fused), ("smart-turn alone", alone),
            (
                "smart-turn alone, asked once",
                sweep { [Double](repeating: $0.points[0].smartTurn, count: $0.points.count) }
            ),
            ("silence alone", silence),
        ].map { row($0, $1) }
        return """
            **\(half.rawValue)**: \(assessed.count) pauses of \(voices) voices, \(ends) of them ends of turns

            | score | cut-offs at 300 ms | at 600 ms | latency at 5 % | at 10 % |
            |---|---|---|---|---|
            \(rows.joined(separator: "\n"))

            \(reduction(fused, alone))

            | the session's own policy | held pauses cut off | wait at ends: p50 | p90 | mean |
            |---|---|---|---|---|
            \(policies.joined(separator: "\n"))


            """
    }

    private func row(_ name: String, _ sweep: PolicySweep) -> String {
        let cutOffs = [300.0, 600].map { Self.percent(sweep.cutOff(latencyMs: $0, counting: everything)) }
        let latencies = [0.05, 0.10].map { "\(Int(sweep.latencyMs(cutOff: $0, counting: everything).rounded())) ms" }
        return "| \(name) | " + (cutOffs + latencies).joined(separator: " | ") + " |"
    }

    /// How many fewer are cut off, with an interval: recordings are drawn anew, policies chosen anew in each draw.
    private func reduction(_ fused: PolicySweep, _ alone: PolicySweep) -> String {
        let groups = Dictionary(grouping: assessed.indices) { assessed[$0].pause.recording }.values.sorted {
            $0[0] < $1[0]
        }
        var state: UInt64 = 20_251_125
        let drawn = (0..<Self.draws).map { _ in
            var counts = [Double](repeating: 0, count: assessed.count)
            for _ in groups {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                for index in groups[Int(state >> 33) % groups.count] { counts[index] += 1 }
            }
            return Self.reduction(fused, alone, counts)
        }.sorted()
        let found = Self.reduction(fused, alone, everything)
        let (low, high) = (drawn[Self.draws / 40], drawn[Self.draws - 1 - Self.draws / 40])
        return "At 300 ms the fused score cuts off \(Self.percent(found)) fewer than smart-turn alone "
            + "(95 % interval \(Self.percent(low)) to \(Self.percent(high)), \(Self.draws) draws of recordings)."
    }

    private static func reduction(_ fused: PolicySweep, _ alone: PolicySweep, _ counts: [Double]) -> Double {
        1 - fused.cutOff(latencyMs: budgetMs, counting: counts) / alone.cutOff(latencyMs: budgetMs, counting: counts)
    }

    private var policies: [String] {
        let named: [(String, SemanticVAD.Eagerness)] = [("high", .high), ("auto", .auto), ("low", .low)]
        return named.map { name, eagerness in
            let policy = SessionPolicy(eagerness: eagerness)
            let acts = assessed.map { (isEnd: $0.pause.isEnd, ms: policy.actionMs(scores: $0.points.map(\.fused))) }
            let outcome = PolicySweep.outcome(acts)
            let waits = acts.filter(\.isEnd).map(\.ms).sorted()
            let quantiles = [0.5, 0.9].map { "\(Int(waits[Int(Double(waits.count - 1) * $0)])) ms" }
            return "| `semantic_vad` \(name) | \(Self.percent(outcome.cutOff)) | "
                + (quantiles + ["\(Int(outcome.latencyMs.rounded())) ms"]).joined(separator: " | ") + " |"
        }
    }

    private static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
}
