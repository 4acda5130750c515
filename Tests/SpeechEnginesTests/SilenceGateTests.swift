import Testing

@testable import SpeechEngines

@Suite("Silence gate") struct SilenceGateTests {
    private static let quiet = [Int16](repeating: 32, count: voiceActivityWindow)
    private static let faint = [Int16](repeating: -33, count: voiceActivityWindow)

    /// A gate after a second of quiet in which the model said `probability`.
    private func gate(_ probability: Float) -> SilenceGate {
        var gate = SilenceGate()
        for _ in 0..<SilenceGate.heardWindows {
            #expect(gate.answer(to: Self.quiet) == nil)
            gate.heard(probability)
        }
        return gate
    }

    @Test("Quiet that lasts is answered with what the model last said of it")
    func lasting() {
        var gate = gate(0.01)
        let answers = (0..<100).map { _ in gate.answer(to: Self.quiet) }
        #expect(answers == [Float?](repeating: 0.01, count: 100))
    }

    @Test("Where the model finds a voice in quiet it hears on, and until it finds none")
    func voice() {
        var gate = gate(0.05)
        #expect(gate.answer(to: Self.quiet) == nil)
        gate.heard(0.049)
        #expect(gate.answer(to: Self.quiet) == 0.049)
    }

    @Test("One faint sample is heard, and the quiet after it for a second")
    func sound() {
        var gate = gate(0.01)
        #expect(gate.answer(to: Self.quiet) != nil)
        #expect(gate.answer(to: Self.quiet.dropLast() + [-33]) == nil)
        gate.heard(0.01)
        let after = (0..<SilenceGate.heardWindows).map { _ in gate.answer(to: Self.quiet) }
        #expect(after == [Float?](repeating: nil, count: SilenceGate.heardWindows))
        #expect(gate.answer(to: Self.quiet) == 0.01)
        #expect(gate.answer(to: Self.faint) == nil)
    }

    @Test("The lowest sample there is is loud")
    func lowest() {
        var gate = gate(0)
        #expect(gate.answer(to: [.min]) == nil)
    }
}
