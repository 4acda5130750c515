import Foundation

/// hibari: English text to 24 kHz speech. Run by its lane alone.
final class HibariModel: @unchecked Sendable {
    // The vocoder has scratch memory; only the lane's thread speaks.
    private static let outputs = ["lh", "theta", "ln", "lr", "phi", "f0"]
    /// The network was trained on no longer sentences.
    private static let maxPhonemes = 400

    private let session: ONNXSession
    private let pronouncer: Pronouncer
    private let ids: [Character: Int64]
    private let vocoder = HibariVocoder(seed: 1)

    /// Paths of the model's files.
    struct Files: Sendable {
        var model: String
        var vocabulary: String
        var spellingModel: String
        var spellingAlphabet: String
        /// The first counts.
        var lexicons: [String]
    }

    init(runtime: ONNXRuntime, files: Files) throws(LocalEngineError) {
        session = try runtime.makeSession(model: files.model)
        let network = try SpellingNetwork(
            runtime: runtime, model: files.spellingModel, alphabet: files.spellingAlphabet)
        pronouncer = Pronouncer(lexicon: try Lexicon(paths: files.lexicons)) { word throws(LocalEngineError) in
            try network.phonemes(of: word)
        }
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: files.vocabulary))
            let vocabulary = try JSONDecoder().decode([String: Int64].self, from: data)
            var ids: [Character: Int64] = [:]
            for (text, id) in vocabulary { if let character = text.first { ids[character] = id } }
            self.ids = ids
        } catch {
            throw .model(path: files.vocabulary, reason: "\(error)")
        }
    }

    /// Speech of a text, and where its words are.
    struct Speech: Sendable {
        /// Mono Int16 at 24 kHz.
        var samples: [Int16] = []
        /// In samples from the start.
        var words: [(text: String, range: Range<Int>)] = []
    }

    /// - Parameter speed: 1 is the voice's own pace.
    func speak(_ text: String, preset: VoicePreset, speed: Double) throws(LocalEngineError) -> Speech {
        let words = TextReader.read(text)
        let sounds = try pronouncer.pronounce(words)
        var speech = Speech()
        for sentence in sentences(words, sounds) {
            try append(sentence, to: &speech, preset, speed)
        }
        return speech
    }

    /// A word with its phonemes and the pause after it.
    private struct SoundingWord {
        var text: String
        var phonemes: String
    }

    /// Cut where they would be too long for the network.
    private func sentences(_ words: [SpokenWord], _ sounds: [String]) -> [[SoundingWord]] {
        var sentences: [[SoundingWord]] = [[]]
        var length = 0
        for (word, sound) in zip(words, sounds) {
            let phonemes = sound + (word.pause.map { String($0) } ?? "")
            guard !phonemes.isEmpty else { continue }
            if length + phonemes.count > Self.maxPhonemes {
                sentences.append([])
                length = 0
            }
            sentences[sentences.count - 1].append(SoundingWord(text: word.display, phonemes: phonemes))
            length += phonemes.count + 1
        }
        return sentences.filter { $0.contains { $0.phonemes.contains(where: \.isLetter) } }
    }

    private func append(
        _ sentence: [SoundingWord], to speech: inout Speech, _ preset: VoicePreset, _ speed: Double
    ) throws(LocalEngineError) {
        var inputs: [Int64] = [0]
        for (index, word) in sentence.enumerated() {
            if index > 0, let space = ids[" "] { inputs.append(space) }
            inputs += word.phonemes.compactMap { ids[$0] }
        }
        inputs.append(0)
        var spectrum = try spectrum(of: inputs, speed: speed)
        preset.apply(to: &spectrum)
        let start = speech.samples.count
        let samples = vocoder.samples(of: spectrum).map { Int16(max(-1, min(1, $0)) * 32767) }
        speech.samples += samples
        speech.words += Self.times(of: sentence, from: start, count: samples.count)
    }

    private func spectrum(of inputs: [Int64], speed: Double) throws(LocalEngineError) -> HibariSpectrum {
        let outputs = try session.floats(
            [
                ("ids", .integers(Tensor(inputs, shape: [1, inputs.count]))),
                ("speed", .floats(Tensor([Float(speed)], shape: [1]))),
            ], outputs: Self.outputs)
        guard outputs.count == 6, let frames = outputs[5].shape.last,
            outputs[..<5].allSatisfy({ $0.values.count == HibariSpectrum.bins * frames })
        else { throw .output(model: "hibari", reason: "unexpected shapes") }
        return HibariSpectrum(
            frames: frames, voiced: outputs[0].values, voicedPhase: outputs[1].values, noise: outputs[2].values,
            rest: outputs[3].values, restPhase: outputs[4].values, pitch: outputs[5].values)
    }

    /// By the share of each word's phonemes, vowels and pauses counting more, as the network does not tell.
    private static func times(
        of sentence: [SoundingWord], from start: Int, count: Int
    ) -> [(text: String, range: Range<Int>)] {
        let weights = sentence.map { word in
            word.phonemes.reduce(into: 0.5) { sum, sound in
                if Pronouncer.vowels.contains(sound) {
                    sum += 1.6
                } else if sound.isLetter {
                    sum += 1
                } else if sound.isPunctuation {
                    sum += 2
                }
            }
        }
        let total = weights.reduce(0, +)
        var (position, words) = (0.0, [(text: String, range: Range<Int>)]())
        for (word, weight) in zip(sentence, weights) {
            let from = start + Int(position / total * Double(count))
            position += weight
            let to = start + Int(position / total * Double(count))
            if word.phonemes.contains(where: \.isLetter) { words.append((word.text, from..<max(from, to))) }
        }
        return words
    }
}
