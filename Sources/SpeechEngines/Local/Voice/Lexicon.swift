import Foundation

/// The pronunciation dictionaries: words to phonemes, some by part of speech.
struct Lexicon: Sendable {
    /// How a word sounds, where that depends on its use.
    struct Entry: Equatable, Sendable {
        var usual: String
        /// By part of speech (`NOUN`, `VERB`, `ADJ`, `VBD`, …), or `None` before a pause.
        var byUse: [String: String] = [:]
    }

    private let entries: [String: Entry]

    /// Later files yield to earlier ones.
    init(paths: [String]) throws(LocalEngineError) {
        var entries: [String: Entry] = [:]
        for path in paths {
            let object: Any?
            do {
                object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
            } catch {
                throw .model(path: path, reason: error.localizedDescription)
            }
            guard let words = object as? [String: Any] else { throw .model(path: path, reason: "it is no dictionary") }
            entries.reserveCapacity(entries.count + words.count)
            for (word, value) in words where entries[word] == nil {
                if let usual = value as? String {
                    entries[word] = Entry(usual: usual)
                } else if let uses = value as? [String: Any], let usual = uses["DEFAULT"] as? String {
                    entries[word] = Entry(usual: usual, byUse: uses.compactMapValues { $0 as? String })
                }
            }
        }
        self.entries = entries
    }

    init(entries: [String: Entry]) { self.entries = entries }

    /// As written, or else in the other case that a sentence may have put it in.
    func entry(of word: String) -> Entry? {
        if let entry = entries[word] { return entry }
        let lower = word.lowercased()
        if word != lower, let entry = entries[lower] { return entry }
        return entries[lower.prefix(1).uppercased() + lower.dropFirst()]
    }
}
