import Foundation
import Testing

@testable import SpeechEngines

@Suite("Making the voice")
struct VoiceTests {
    @Test("A steady pitch makes a sound of that pitch")
    func pitch() {
        let samples = sound(frames: 40, pairs: 20)
        #expect(samples.count == 40 * 300)
        // At 24 kHz a period of 200 Hz has 120 samples: the sound is like itself one period later, not half of one.
        let middle = Array(samples[3000..<9000])
        #expect(likeness(middle, 120) > 0.9)
        #expect(likeness(middle, 60) < 0.5)
    }

    @Test("Sound made in pieces is the sound made at once", arguments: [0, 1, 2, 7, 40, 41])
    func pieces(frames: Int) {
        let whole = sound(frames: frames, pairs: 100)
        #expect(whole.count == frames * 300)
        for pairs in [1, 3, 8] { #expect(sound(frames: frames, pairs: pairs) == whole) }
    }

    @Test(
        "Silence around speech is taken away as it comes, but for 30 ms before and the pause after",
        arguments: [1, 100, 7000])
    func trim(piece: Int) {
        var trim = SilenceTrim(tailSamples: 50)
        let silence = { (count: Int) in [Int16](repeating: 100, count: count) }
        let speech: [Int16] = [1000] + silence(500) + [-1000]
        let samples = silence(2000) + speech + silence(3000)
        var given: [Int16] = []
        for start in stride(from: 0, to: samples.count, by: piece) {
            given += trim.take(Array(samples[start..<min(start + piece, samples.count)]))
        }
        #expect(trim.start == 2000 - 720)
        #expect(given == silence(720) + speech + silence(49))
    }

    @Test("Of silence alone nothing is given")
    func silence() {
        var trim = SilenceTrim(tailSamples: 50)
        #expect(trim.take([Int16](repeating: 100, count: 5000)).isEmpty)
        #expect(trim.start == nil)
    }

    @Test("Small words lose their stress and change with the next sound")
    func functionWords() throws {
        #expect(try say("the apple") == "ði ˈæpᵊl")
        #expect(try say("the cat") == "ðə kˈæt")
        #expect(try say("to a cat") == "tʊ ɐ kˈæt")
    }

    @Test("Words that are written alike are told apart by the word before")
    func homographs() throws {
        #expect(try say("I use cat") == "ˌI jˈuz kˈæt")
        #expect(try say("the use") == "ðə jˈus")
    }

    @Test("Inflections of known words need no dictionary of their own")
    func inflections() throws {
        #expect(try say("cats") == "kˈæts")
        #expect(try say("apple's") == "ˈæpᵊlz")
        #expect(try say("used") == "jˈuzd")
    }

    @Test("Unknown capitals are spelled, other unknown words are guessed")
    func unknown() throws {
        #expect(try say("AB") == "ˌAbˈi")
        #expect(try say("ABs") == "ˌAbˈiz")
        #expect(try say("zorblax") == "<zorblax>")
    }

    @Test("Long speech is cut into pieces that lose nothing and end in silence")
    func longSpeech() {
        var speech = [Int16](repeating: 1000, count: 800_000)
        for index in 300_000..<303_000 { speech[index] = 0 }
        let pieces = MoonshineTranscriber.pieces(of: speech)
        #expect(pieces.first.map { (300_000..<303_000).contains($0.upperBound) } == true)
        #expect(pieces.allSatisfy { $0.count <= 320_000 })
        #expect(pieces.reduce(0) { $0 == $1.lowerBound ? $1.upperBound : -1 } == speech.count)
    }

    /// A steady 200 Hz, made so many pairs of frames at a time.
    private func sound(frames: Int, pairs: Int) -> [Float] {
        let silent = [Float](repeating: -30, count: HibariSpectrum.bins * frames)
        let flat = [Float](repeating: 0, count: silent.count)
        let vocoder = HibariVocoder(seed: 1)
        var sound = vocoder.begin(
            HibariSpectrum(
                frames: frames, voiced: [Float](repeating: -3, count: silent.count), voicedPhase: flat, noise: silent,
                rest: silent, restPhase: flat, pitch: [Float](repeating: 200, count: frames)))
        var samples: [Float] = []
        while let next = vocoder.next(&sound, pairs: pairs) { samples += next }
        return samples
    }

    private func say(_ text: String) throws -> String {
        let lexicon = Lexicon(entries: [
            "apple": .init(usual: "ˈæpᵊl"), "cat": .init(usual: "kˈæt"), "A": .init(usual: "ˈA"),
            "B": .init(usual: "bˈi"),
            "use": .init(usual: "jˈuz", byUse: ["NOUN": "jˈus", "DEFAULT": "jˈuz"]),
        ])
        let pronouncer = Pronouncer(lexicon: lexicon) { "<\($0)>" }
        return try pronouncer.pronounce(TextReader.read(text)).joined(separator: " ")
    }

    private func likeness(_ samples: [Float], _ lag: Int) -> Float {
        let (a, b) = (samples.dropLast(lag), samples.dropFirst(lag))
        let product = zip(a, b).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        let power = a.reduce(Float(0)) { $0 + $1 * $1 } * b.reduce(Float(0)) { $0 + $1 * $1 }
        return product / power.squareRoot()
    }
}
