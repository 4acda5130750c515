import SessionEngine
import SpeechEngines
import Testing

@Suite("Energy voice activity") struct EnergyVoiceActivityTests {
    @Test("A tone in silence is speech from its first window, and its end is seen within four")
    func toneInSilence() async throws {
        let stream = EnergyVoiceActivity().makeStream()
        for _ in 0..<10 { #expect(try await stream.probability(in: window(0)) == 0) }
        #expect(try await stream.probability(in: window(6_000)) == 1)
        var after: [Double] = []
        for _ in 0..<4 { after.append(try await stream.probability(in: window(0))) }
        #expect(after == [0.5, 0.25, 0.125, 0.0625])
    }

    @Test("Steady noise is learnt as the background within half a minute, and speech above it is still heard")
    func noise() async throws {
        let stream = EnergyVoiceActivity().makeStream()
        var last = 1.0
        for _ in 0..<1_500 { last = try await stream.probability(in: window(300)) }
        #expect(last < 0.1)
        #expect(try await stream.probability(in: window(6_000)) == 1)
    }

    @Test("What is quieter than any speech is none")
    func quiet() async throws {
        let stream = EnergyVoiceActivity().makeStream()
        #expect(try await stream.probability(in: window(50)) == 0)
    }

    @Test("A reset forgets the background and the last probability")
    func reset() async throws {
        let stream = EnergyVoiceActivity().makeStream()
        _ = try await stream.probability(in: window(6_000))
        stream.reset()
        #expect(try await stream.probability(in: window(0)) == 0)
    }

    /// A square wave of 800 Hz.
    private func window(_ amplitude: Int16) -> [Int16] {
        (0..<voiceActivityWindow).map { $0 % 20 < 10 ? amplitude : -amplitude }
    }
}
