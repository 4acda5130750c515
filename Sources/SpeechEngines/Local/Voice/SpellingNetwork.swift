import Foundation

/// Guesses the phonemes of words that no dictionary has: a small network over letters, with repeats collapsed (CTC).
final class SpellingNetwork: Sendable {
    private struct Alphabet: Decodable {
        var `in`: [String]
        var out: [String]
        var maxlen: Int
    }

    private let session: ONNXSession
    private let letters: [Character: Int64]
    private let phonemes: [String]
    private let maxLetters: Int

    init(runtime: ONNXRuntime, model: String, alphabet path: String) throws(LocalEngineError) {
        session = try runtime.makeSession(model: model)
        let alphabet: Alphabet
        do {
            alphabet = try JSONDecoder().decode(Alphabet.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .model(path: path, reason: "\(error)")
        }
        var letters: [Character: Int64] = [:]
        for (index, text) in alphabet.in.enumerated() {
            if let letter = text.first { letters[letter] = Int64(index) + 1 }
        }
        self.letters = letters
        phonemes = alphabet.out
        maxLetters = alphabet.maxlen
    }

    /// Empty when no letter of the word is known.
    func phonemes(of word: String) throws(LocalEngineError) -> String {
        let ids = word.compactMap { letters[$0] }.prefix(maxLetters)
        guard !ids.isEmpty else { return "" }
        let outputs = try session.integers(
            [("chars", .integers(Tensor(Array(ids), shape: [1, ids.count])))], outputs: ["ids"])
        var (text, previous) = ("", Int64(0))
        for id in outputs.first?.values ?? [] {
            if id != previous, id > 0, id <= phonemes.count { text += phonemes[Int(id) - 1] }
            previous = id
        }
        return text
    }
}
