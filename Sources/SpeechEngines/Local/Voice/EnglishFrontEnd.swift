import ModelLibrary

/// English text as phonemes, word by word: what every voice is read to that brings no dictionary of its own.
struct EnglishFrontEnd: Sendable {
    /// A word as shown, with its phonemes (Kokoro's) and the pause after it.
    struct Word: Equatable, Sendable {
        var text: String
        var phonemes: String
        var pause: Character?
    }

    private let pronouncer: Pronouncer

    init(pronouncer: Pronouncer) {
        self.pronouncer = pronouncer
    }

    /// With the dictionaries and the spelling network that come with hibari.
    init(runtime: ONNXRuntime, directory: ModelDirectory) throws(LocalEngineError) {
        let network = try SpellingNetwork(
            runtime: runtime, model: directory.path(.hibari, "oov.onnx"),
            alphabet: directory.path(.hibari, "oov.json"))
        let paths = ["lexicon_us_gold.json", "lexicon_us_silver.json"].map { directory.path(.hibari, $0) }
        let lexicon = try Lexicon(paths: paths)
        pronouncer = Pronouncer(lexicon: lexicon) { word throws(LocalEngineError) in try network.phonemes(of: word) }
    }

    /// Cut where they would be too long for a network; without those that make no sound.
    func sentences(of text: String, maxPhonemes: Int) throws(LocalEngineError) -> [[Word]] {
        let words = TextReader.read(text)
        var sentences: [[Word]] = [[]]
        var length = 0
        for (word, sound) in zip(words, try pronouncer.pronounce(words)) {
            guard !sound.isEmpty || word.pause != nil else { continue }
            if length + sound.count > maxPhonemes {
                sentences.append([])
                length = 0
            }
            sentences[sentences.count - 1].append(Word(text: word.display, phonemes: sound, pause: word.pause))
            length += sound.count + 2
        }
        return sentences.filter { $0.contains { $0.phonemes.contains(where: \.isLetter) } }
    }
}
