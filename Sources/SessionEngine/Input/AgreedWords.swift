/// The words of a growing turn that can be told: those two recognitions in a row agree on, but for the last, which may be
/// half a word or the end of a sentence that goes on. What was told stays.
struct AgreedWords: Sendable {
    private var latest: [Substring] = []
    private var toldWords: [Substring] = []
    /// Everything told, as one text.
    private(set) var told = ""

    /// Takes one more recognition of the turn; what can be told now, with the space before it, perhaps nothing.
    mutating func hear(_ text: String) -> String {
        let words = text.split { $0.isWhitespace }
        let agreed = zip(words, latest).prefix { $0 == $1 }.count
        let count = min(agreed, words.count - 1, latest.count - 1)
        latest = words
        guard count > toldWords.count, words.starts(with: toldWords) else { return "" }
        let delta = (told.isEmpty ? "" : " ") + words[toldWords.count..<count].joined(separator: " ")
        toldWords = Array(words[..<count])
        told += delta
        return delta
    }

    /// The transcript of a turn of which `told` is told already: it begins with that, and goes on as `text` does after the
    /// words that correspond to it.
    static func transcript(_ text: String, after told: String) -> String {
        guard !text.hasPrefix(told) else { return text }
        let words = text.split { $0.isWhitespace }
        let rest = words[corresponding(told.split { $0.isWhitespace }, in: words)...]
        guard !rest.isEmpty else { return told }
        let isSpaced = told.isEmpty || told.last?.isWhitespace == true
        return told + (isSpaced ? "" : " ") + rest.joined(separator: " ")
    }

    /// How many of the first words say the same as `told`, by the fewest changes from word to word (Levenshtein's distance).
    private static func corresponding(_ told: [Substring], in words: [Substring]) -> Int {
        var distances = Array(0...words.count)
        for (index, word) in told.enumerated() {
            var diagonal = distances[0]
            distances[0] = index + 1
            for column in words.indices {
                let changed = diagonal + (isSame(word, words[column]) ? 0 : 1)
                diagonal = distances[column + 1]
                distances[column + 1] = min(changed, diagonal + 1, distances[column] + 1)
            }
        }
        let least = distances.min() ?? 0
        let best = distances.indices.filter { distances[$0] == least }
        return best.min { abs($0 - told.count) < abs($1 - told.count) } ?? 0
    }

    /// But for case and punctuation.
    private static func isSame(_ left: Substring, _ right: Substring) -> Bool {
        bare(left) == bare(right)
    }

    private static func bare(_ word: Substring) -> String {
        word.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
