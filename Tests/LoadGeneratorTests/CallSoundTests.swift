import AudioPipeline
import Foundation
import Testing

@testable import LoadGenerator

@Suite("What a call records and measures")
struct CallSoundTests {
    @Test("Speech ends with the last window near its level: a faint hiss after it is none")
    func endOfSpeech() {
        let hiss = (0..<2_400).map { Int16($0 % 2 == 0 ? 20 : -20) }
        #expect(SpokenSound.endOfSpeech(in: loud(2_400) + hiss) == 2_400)
        #expect(SpokenSound.endOfSpeech(in: hiss) == 0)
        #expect(SpokenSound.beginning(in: hiss + loud(240)) == 2_400)
    }

    @Test("A packet that comes late is late by its place in the stream, and a stretch without packets is a gap")
    func pacing() {
        var sound = AnswerSound()
        let start = ContinuousClock.now
        for (index, ms) in [(0, 0), (1, 20), (2, 65), (3, 60), (8, 160)] {
            let block = PCMBlock(
                samples: loud(480), rate: .hz24000, start: SampleIndex(rawValue: Int64(index) * 960))
            sound.add(block, now: start + .milliseconds(ms))
        }
        #expect(sound.latest == .milliseconds(25) && sound.gapSamples == 4 * 480 && sound.samples == 5 * 480)
    }

    @Test("A recording that was written is read back")
    func written() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).wav")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(WAVFile.encoded([[5, 6, 7]], hertz: 24_000)).write(to: file)
        #expect(try SpeechFile.read(file, at: .hz24000) == [5, 6, 7])
    }
}

private func loud(_ count: Int) -> [Int16] { (0..<count).map { $0 % 60 < 30 ? 6_000 : -6_000 } }
