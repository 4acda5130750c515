import RealtimeProtocol

@testable import SessionEngine

/// One random session: a world around a machine, and a check of what the machine does.
struct Exploration {
    /// What the machine's answers go through before anybody sees them: nothing, or a planted bug.
    typealias Fault = (_ input: SessionInput, _ effects: [SessionEffect]) -> [SessionEffect]

    static let minInputs = 80

    let seed: UInt64
    private(set) var violations: [Violation] = []
    private(set) var inputs: [SessionInput] = []
    private(set) var coverage: [Coverage.Cell: Int] = [:]

    init(seed: UInt64, keepsInputs: Bool = false, measures: Bool = false, fault: Fault? = nil) {
        self.seed = seed
        var world = World(seed: seed)
        let start = ContinuousClock.now
        var machine = SessionMachine(world.settings, now: start)
        let check = InvariantCheck()
        var count = 0

        func step(_ input: SessionInput, _ run: inout Exploration) {
            if measures { run.coverage[Coverage.cell(machine, input), default: 0] += 1 }
            let effects = machine.handle(input, now: start + world.elapsed)
            let seen = fault.map { $0(input, effects) } ?? effects
            run.violations += check.observe(input, seen)
            if keepsInputs { run.inputs.append(input) }
            world.take(seen)
            count += 1
        }

        step(.attached(TransportID(rawValue: 0), world.kind, resume: world.offer), &self)
        while count < Self.minInputs {
            for input in world.next() { step(input, &self) }
        }
        step(.end(.hangUp), &self)
        for _ in 0..<3 { for input in world.next() { step(input, &self) } }
    }
}
