import SessionEngine
import Testing

/// That the exploration would see: machines with a known mistake, each found, and found for what it is.
@Suite("Planted bugs")
struct PlantedBugTests {
    /// Sessions until a mistake must have shown.
    private static let maxSequences: UInt64 = 600

    @Test("A planted bug is found under its rule", arguments: PlantedBug.allCases)
    func isFound(_ bug: PlantedBug) {
        let found = (0..<Self.maxSequences).first { seed in
            Exploration(seed: seed, fault: bug.fault).violations.contains { $0.rule == bug.rule }
        }
        #expect(found != nil, "\(bug) was not found in \(Self.maxSequences) sessions")
    }

    @Test("Every rule has a bug that breaks it")
    func everyRuleCanFail() {
        let unproven = Set(Violation.Rule.allCases).subtracting(PlantedBug.allCases.map(\.rule))
        #expect(unproven.isEmpty)
    }

    @Test("A seed replays: the same inputs, the same violations")
    func replay() {
        let bug = PlantedBug.previousItemIsForgotten
        let seed = (0..<Self.maxSequences).first { !Exploration(seed: $0, fault: bug.fault).violations.isEmpty }
        let first = Exploration(seed: seed ?? 0, keepsInputs: true, fault: bug.fault)
        let again = Exploration(seed: seed ?? 0, keepsInputs: true, fault: bug.fault)
        #expect(seed != nil)
        #expect(first.inputs == again.inputs)
        #expect(first.violations == again.violations)
    }
}
