import Foundation
import Testing

@testable import SpeechEngines

@Suite("The melody at the end of speech")
struct ProsodyTests {
    /// A buzz whose pitch goes evenly from one frequency to another, at 16 kHz.
    private func voice(from: Double, to: Double, seconds: Double, loudness: Double = 6_000) -> [Int16] {
        var phase = 0.0
        let count = Int(seconds * 16_000)
        return (0..<count).map { index in
            phase += (from + (to - from) * Double(index) / Double(count)) / 16_000
            let harmonics = (1...4).reduce(0.0) { $0 + sin(2 * .pi * phase * Double($1)) / Double($1) }
            return Int16(loudness * harmonics / 2)
        }
    }

    @Test("A fall is negative, a rise positive, both in semitones")
    func pitch() {
        let level = voice(from: 160, to: 160, seconds: 1)
        let fall = Prosody(of: (level + voice(from: 160, to: 113, seconds: 0.3))[...])
        let rise = Prosody(of: (level + voice(from: 160, to: 226, seconds: 0.3))[...])
        // The last 150 ms of six semitones in 300 ms are 4.5 off in the mean.
        #expect((-6 ... -3).contains(fall.finalPitch) && (3...6).contains(rise.finalPitch))
        #expect((-3 ... -1).contains(fall.pitchSlope) && (1...3).contains(rise.pitchSlope))
    }

    @Test("Speech that fades is heard to, and a long last sound is long")
    func loudness() {
        let spoken = voice(from: 120, to: 120, seconds: 0.8)
        let gap = [Int16](repeating: 0, count: 1_600)
        let faded = Prosody(of: (spoken + gap + voice(from: 120, to: 120, seconds: 0.4, loudness: 1_500))[...])
        #expect((-14 ... -10).contains(faded.finalLoudness))
        #expect((3...4.5).contains(faded.lastVoiced))
    }

    @Test("Silence, noise without voice and almost no sound say nothing")
    func nothing() {
        #expect(Prosody(of: [Int16](repeating: 0, count: 16_000)[...]) == Prosody())
        #expect(Prosody(of: []) == Prosody())
        #expect(Prosody(of: [1, 2, 3]) == Prosody())
    }
}
