import AudioPipeline
import Foundation
import SessionEngine
import Testing

@testable import VoiceSession

@Suite("Echo of the assistant's own voice")
struct EchoGuardTests {
    /// Something like speech at 24 kHz: a pitch with harmonics and hiss, in syllables. No two seeds alike.
    private func voice(seconds: Double, seed: UInt64, level: Double = 6_000) -> [Int16] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 40) / Double(1 << 24)
        }
        var (phase, pitch, syllable, colour) = (0.0, 120.0, 0.0, 1.0)
        return (0..<Int(seconds * 24_000)).map { index in
            if index % 4_800 == 0 { (pitch, colour, syllable) = (90 + 160 * random(), random(), 0.2 + random()) }
            phase += pitch / 24_000
            let harmonics = (1...10).reduce(0.0) { sum, number in
                sum + sin(2 * .pi * phase * Double(number)) / (1 + abs(Double(number) - 2 - 6 * colour))
            }
            let shape = sin(.pi * Double(index % 4_800) / 4_800)
            return Int16(clamping: Int(level * syllable * shape * (harmonics + random() - 0.5)))
        }
    }

    /// The same 16 kHz windows that voice activity gets: every third sample of two.
    private func windows(_ sound: [Int16]) -> [[Int16]] {
        let narrow = (0..<sound.count * 2 / 3).map { index in
            let (left, odd) = (index * 3 / 2, index % 2)
            return odd == 0 ? sound[left] : Int16((Int(sound[left]) + Int(sound[min(left + 1, sound.count - 1)])) / 2)
        }
        return stride(from: 0, through: narrow.count - 512, by: 512).map { Array(narrow[$0..<$0 + 512]) }
    }

    /// What the guard says of each window after the first second, when `played` goes out in frames of 20 ms.
    ///
    /// - Parameter toldLate: by how many frames playing is told of too late, frame by frame.
    private func answers(
        played: [Int16], heard: [Int16], isTimed: Bool = true, toldLate: (Int) -> Int = { _ in 0 }
    ) -> [Bool] {
        var echo = EchoGuard()
        var said: [Bool] = []
        var frames = 0
        if !isTimed { echo.sent(played, inputEnd: AudioPosition(ms: 0)) } else { echo.queue(played, Self.generation) }
        for (index, window) in windows(heard).enumerated() {
            let end = AudioPosition(ms: (index + 1) * 32)
            while isTimed, (frames + toldLate(frames)) * 20 < end.ms {
                frames += 1
                echo.left(
                    PlayedAudio(generation: Self.generation, samples: frames * 480),
                    inputEnd: AudioPosition(ms: end.ms / 20 * 20))
            }
            echo.hear(window, endingAt: end)
            let answer = echo.question?.answer
            if let answer { echo.settle(answer) }
            if index >= 30 { said.append(answer?.isEcho ?? false) }
        }
        return said
    }

    private static let generation = Generation(rawValue: 1)

    /// Played sound as a room gives it back: late, at -20 dB, with a few reflections.
    private func echo(of played: [Int16], delayMs: Int) -> [Int16] {
        played.indices.map { index in
            let paths = [(0, 0.1), (31, 0.05), (77, -0.03), (160, 0.02)]
            let sum = paths.reduce(0.0) { sum, path in
                let place = index - delayMs * 24 - path.0
                return place < 0 ? sum : sum + Double(played[place]) * path.1
            }
            return Int16(sum)
        }
    }

    private func mixed(_ left: [Int16], _ right: [Int16]) -> [Int16] { zip(left, right).map { $0 &+ $1 } }

    @Test("An echo is told for what it is, however late within 500 ms", arguments: [0, 40, 230, 480])
    func echo(delayMs: Int) {
        let played = voice(seconds: 3, seed: 1)
        let said = answers(played: played, heard: echo(of: played, delayMs: delayMs))
        #expect(said.count > 50 && said.count { $0 } >= said.count * 19 / 20)
    }

    @Test("An echo that is back before its sound is told of is told for what it is, as on a machine with much to do")
    func toldLate() {
        let played = voice(seconds: 3, seed: 9)
        // Told in lumps: at once, then up to 400 ms late, all over again.
        let said = answers(
            played: played, heard: echo(of: played, delayMs: 150), toldLate: { frame in 20 - frame % 20 })
        #expect(said.count > 50 && said.count { $0 } >= said.count * 19 / 20)
    }

    @Test("Sound that was first told of late is moved to where it must have been")
    func begunLate() {
        let played = voice(seconds: 3, seed: 10)
        let said = answers(
            played: played, heard: echo(of: played, delayMs: 60), toldLate: { frame in frame < 10 ? 20 : 0 })
        #expect(said.count > 50 && said.count { $0 } >= said.count * 9 / 10)
    }

    /// The same with a pause after each tenth of a second, but for the first: somebody who counts.
    private func counted(_ sound: [Int16], everyMs: Int = 320) -> [Int16] {
        sound.enumerated().map { index, sample in
            index < 24_000 || index / 24 % everyMs < 100 ? sample : 0
        }
    }

    @Test("An echo of single short words is told for what it is, since it is as late as the one before")
    func words() {
        let played = counted(voice(seconds: 5, seed: 11))
        let heard = echo(of: played, delayMs: 150)
        let said = answers(played: played, heard: heard)
        // A window in which a word sounds, and not the rest of one.
        let sounding = windows(heard).dropFirst(30).map { $0.contains { abs(Int($0)) > 100 } }
        let told = zip(said, sounding).filter { $0.1 }
        #expect(told.count > 30 && told.count { $0.0 } >= told.count * 9 / 10)
    }

    @Test("Somebody who begins to speak over a known echo is heard")
    func beginning() {
        let played = counted(voice(seconds: 4, seed: 12))
        let speech = voice(seconds: 4, seed: 13, level: 4_000).enumerated().map { $0.offset < 60_000 ? 0 : $0.element }
        let said = answers(played: played, heard: mixed(echo(of: played, delayMs: 150), speech))
        // From 100 ms of speech on.
        let spoken = said.dropFirst(2_600 / 32 - 30)
        #expect(spoken.count > 30 && spoken.allSatisfy { !$0 })
    }

    @Test("Somebody who speaks when playing has ended is heard, however late the echo was", arguments: [40, 480])
    func afterwards(delayMs: Int) {
        let played = voice(seconds: 2, seed: 14)
        let speech = voice(seconds: 3, seed: 15, level: 4_000).enumerated().map { $0.offset < 62_400 ? 0 : $0.element }
        let late = echo(of: played, delayMs: delayMs)
        let heard = speech.indices.map { $0 < late.count ? late[$0] : speech[$0] }
        let said = answers(played: played, heard: heard)
        #expect(said.prefix(30).contains(true))
        let spoken = said.dropFirst(2_700 / 32 - 30)
        #expect(!spoken.isEmpty && spoken.allSatisfy { !$0 })
    }

    @Test("Somebody who speaks over the echo is heard")
    func speech() {
        let played = voice(seconds: 3, seed: 2)
        let said = answers(
            played: played, heard: mixed(echo(of: played, delayMs: 180), voice(seconds: 3, seed: 3, level: 4_000)))
        #expect(said.count > 50 && said.allSatisfy { !$0 })
    }

    @Test("Speech without an echo is no echo, whatever is played")
    func headphones() {
        let said = answers(played: voice(seconds: 3, seed: 4), heard: voice(seconds: 3, seed: 5))
        #expect(said.allSatisfy { !$0 })
    }

    @Test("An echo of what a client plays by itself is looked for over a longer time")
    func sent() {
        let played = voice(seconds: 4, seed: 6)
        let said = answers(played: played, heard: echo(of: played, delayMs: 1_200), isTimed: false)
        #expect(said.dropFirst(20).count { $0 } >= said.dropFirst(20).count * 19 / 20)
    }

    @Test("Where nothing is played there is no question, nor when what was played is long over")
    func idle() {
        var echo = EchoGuard()
        for index in 1...40 { echo.hear([Int16](repeating: 900, count: 512), endingAt: AudioPosition(ms: index * 32)) }
        #expect(echo.question == nil)
        echo.sent(voice(seconds: 1, seed: 7), inputEnd: AudioPosition(ms: 1_280))
        for index in 41...200 {
            echo.hear([Int16](repeating: 900, count: 512), endingAt: AudioPosition(ms: index * 32))
        }
        #expect(echo.question == nil)
    }

    @Test("Where nobody listens, as while the client tells turns, played sound is let go", arguments: [true, false])
    func played(isTimed: Bool) {
        var echo = EchoGuard()
        let second = voice(seconds: 1, seed: 1)
        for index in 1...100 {
            if isTimed {
                echo.queue(second, Self.generation)
                echo.left(
                    PlayedAudio(generation: Self.generation, samples: index * 24_000),
                    inputEnd: AudioPosition(ms: index * 1_000))
            } else {
                echo.sent(second, inputEnd: AudioPosition(ms: index * 5_000))
            }
        }
        #expect(EchoGuard.maxPlayed...2 * EchoGuard.maxPlayed ~= echo.playedSamples)
    }

    @Test("What was discarded before it was played explains nothing")
    func discarded() {
        let played = voice(seconds: 3, seed: 8)
        var echo = EchoGuard()
        echo.sent(played, inputEnd: AudioPosition(ms: 0))
        echo.discard([], inputEnd: AudioPosition(ms: 0))
        for (index, window) in windows(self.echo(of: played, delayMs: 100)).enumerated() {
            echo.hear(window, endingAt: AudioPosition(ms: (index + 1) * 32))
            #expect(echo.question?.answer.isEcho != true)
        }
    }

    @Test(
        "Its place is found wherever it is, be most of what was played loud or quiet",
        arguments: [0, 1, 700, 3_000, 6_400])
    func place(_ place: Int) {
        let played = voice(seconds: 0.5, seed: 16)[..<7_424].enumerated().map { index, sample in
            Float(sample) * (index / 1_000 % 2 == 0 ? 1 : 0.05)
        }
        let heard = played[place..<place + 1_024].map { $0 * 0.1 }
        let answer = EchoQuestion(heard: heard, played: played, last: nil).answer
        #expect(answer == EchoQuestion.Answer(isEcho: true, place: place))
    }
}
