import SessionEngine
import Testing

/// That the exploration comes everywhere: every input in every state, or a reason why not.
@Suite("Explorer coverage")
struct CoverageTests {
    /// Enough for every cell that can be reached.
    private static let sequences: UInt64 = 12_000
    /// Cells that stay empty, and why. There are none: the world does at any time what it may, and what it may not.
    private static let explained: Set<Coverage.Cell> = []

    @Test("Every input meets every state, but for cells that are explained")
    func table() async {
        let lanes = UInt64(2)
        let cells = await withTaskGroup(of: [Coverage.Cell: Int].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var cells: [Coverage.Cell: Int] = [:]
                    for seed in stride(from: lane, to: Self.sequences, by: Int(lanes)) {
                        cells.merge(Exploration(seed: seed, measures: true).coverage) { $0 + $1 }
                    }
                    return cells
                }
            }
            return await group.reduce(into: [:]) { $0.merge($1) { $0 + $1 } }
        }
        let empty = Coverage.State.all.flatMap { state in
            Coverage.inputs.map { Coverage.Cell(state: state, input: $0) }
        }.filter { cells[$0] == nil && !Self.explained.contains($0) }
        let names = empty.map { "\($0.input) while \($0.state.speaking), \($0.state.listening)" }
        #expect(empty.isEmpty, "\(names.joined(separator: "; "))")
    }
}
