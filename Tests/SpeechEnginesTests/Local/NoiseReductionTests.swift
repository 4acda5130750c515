import AudioPipeline
import Foundation
import ModelLibrary
import RealtimeProtocol
import SessionEngine
import Testing

@testable import SpeechEngines

@Suite(
    "Noise reduction with its real library", .serialized,
    .enabled(if: LocalModels.directory.isPresent(.rnnoise), LocalModels.skipped))
struct NoiseReductionTests {
    private let rnnoise: RNNoise

    init() throws { rnnoise = try RNNoise(path: LocalModels.directory.path(.rnnoise, "librnnoise.so")) }

    /// Steady noise at 24 kHz, lower frequencies louder, of this RMS.
    private func noise(_ count: Int, level: Double) -> [Double] {
        var (state, last) = (UInt64(9), 0.0)
        let raw = (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            last = 0.7 * last + Double(state >> 40) / Double(1 << 24) - 0.5
            return last
        }
        let scale = level / (raw.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
        return raw.map { $0 * scale }
    }

    private func reduce(_ sound: [Int16], _ kind: NoiseReduction.Kind, pieces: Int = 480) async throws -> [Int16] {
        let stream = try #require(rnnoise.makeStream(NoiseReduction(kind: kind)))
        var output: [Int16] = []
        for start in stride(from: 0, to: sound.count, by: pieces) {
            output += await stream.reduce(Array(sound[start..<min(start + pieces, sound.count)]))
        }
        return output
    }

    private func level(_ sound: some Collection<Int16>) -> Double {
        10 * log10(sound.reduce(1.0) { $0 + Double($1) * Double($1) } / Double(sound.count))
    }

    @Test("As much comes out as goes in, however it is cut", arguments: [1, 7, 240, 480, 1_000, 24_000])
    func lengths(pieces: Int) async throws {
        let sound = noise(6_000, level: 900).map { Int16($0) }
        let output = try await reduce(sound, .nearField, pieces: pieces)
        #expect(output.count == sound.count)
        #expect(try await output == reduce(sound, .nearField))
    }

    @Test(
        "Steady noise goes down by 10 dB near and 15 dB far",
        arguments: [(NoiseReduction.Kind.nearField, 10.0), (.farField, 15.0)])
    func steadyNoise(kind: NoiseReduction.Kind, decibels: Double) async throws {
        let sound = noise(72_000, level: 600).map { Int16($0) }
        let output = try await reduce(sound, kind)
        #expect(level(sound.suffix(24_000)) - level(output.suffix(24_000)) >= decibels)
    }

    @Test(
        "Speech in noise stands out more than before, and is recognised no worse",
        .enabled(if: LocalModels.areThere, LocalModels.skipped), arguments: NoiseReduction.Kind.allCases)
    func speechInNoise(kind: NoiseReduction.Kind) async throws {
        let engine = try await LocalModels.engine.value
        let text = "The train to Bristol leaves at half past nine in the morning."
        let voice = PosixLock<[Int16]>([])
        try await engine.synthesizer.speak(
            SpeechRequest(clause: 0, text: text, voice: .named("marin"), speed: 1)
        ) { block in voice.withLock { $0 += block.samples } }
        // A second of noise alone, then speech in it.
        let speech = [Int16](repeating: 0, count: 24_000) + voice.withLock { $0 } + [Int16](repeating: 0, count: 12_000)
        let noisy = zip(speech, noise(speech.count, level: 500)).map { Int16(clamping: Int($0) + Int($1)) }
        let clear = try await reduce(noisy, kind)
        let contrast = { (sound: [Int16]) in level(sound[28_000..<60_000]) - level(sound[12_000..<24_000]) }
        #expect(contrast(clear) >= contrast(noisy) + 6)
        let heard = (try await words(noisy, engine), try await words(clear, engine))
        let wanted = Set(text.lowercased().split { !$0.isLetter }.map(String.init))
        #expect(wanted.subtracting(heard.1).count <= wanted.subtracting(heard.0).count)
    }

    private func words(_ sound: [Int16], _ engine: Engine) async throws -> Set<String> {
        let resampler = try Resampler(from: .hz24000, to: .hz16000)
        let whole = Array(sound[..<(sound.count / 24 * 24)])
        var narrow = [Int16](repeating: 0, count: resampler.outputCapacity(for: whole.count))
        let written = try whole.withUnsafeBufferPointer { input in
            try narrow.withUnsafeMutableBufferPointer { try resampler.resample(input, into: $0) }
        }
        let text = try await engine.transcriber.transcribe(Array(narrow[..<written]), nil, onDelta: { _ in }).text
        return Set(text.lowercased().split { !$0.isLetter }.map(String.init))
    }
}
