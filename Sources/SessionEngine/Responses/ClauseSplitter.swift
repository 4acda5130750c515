/// Cuts a stream of tokens into clauses that can be spoken one by one: the first as early as it sounds natural, later
/// ones by whole sentences. Nothing is lost: the clauses together are the text, less white space at both ends.
struct ClauseSplitter: Equatable, Sendable {
    /// Least length of the first clause, in characters, when it ends at a comma.
    private static let firstMinimum = 12
    /// Least length of a later clause that ends with its sentence, and of one that ends at a comma.
    private static let sentenceMinimum = 20
    private static let commaMinimum = 80
    /// A clause without punctuation is cut at the last space before this length, the first one earlier.
    private static let maximum = 240
    private static let firstMaximum = 80

    private static let sentenceEnds: Set<Character> = [".", "!", "?", "…"]
    private static let wideSentenceEnds: Set<Character> = ["。", "！", "？", "｡"]
    private static let commas: Set<Character> = [",", ";", ":", "—", "–", ")"]
    private static let wideCommas: Set<Character> = ["，", "、", "；", "："]
    private static let closers: Set<Character> = ["\"", "'", "”", "’", ")", "]", "»", "」", "』"]
    /// Words whose full stop ends no sentence.
    private static let abbreviations: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "st", "vs", "no", "e.g", "i.e", "etc", "jr", "sr",
    ]

    private var pending: [Character] = []
    /// How much of `pending` has been looked at without finding a boundary.
    private var scanned = 0
    private var isFirst = true

    /// Takes a piece of text; returns the clauses it completes.
    mutating func append(_ text: String) -> [String] {
        for character in text where !pending.isEmpty || !isFirst || !character.isWhitespace {
            pending.append(character)
        }
        var clauses: [String] = []
        while let end = boundary() { clauses.append(cut(at: end)) }
        return clauses
    }

    /// What is left, when the text has ended; nil when that is nothing but white space.
    mutating func finish() -> String? {
        while pending.last?.isWhitespace == true { pending.removeLast() }
        guard !pending.isEmpty else { return nil }
        return cut(at: pending.count)
    }

    private mutating func cut(at end: Int) -> String {
        let clause = String(pending[..<end])
        pending.removeFirst(end)
        scanned = 0
        isFirst = false
        return clause
    }

    /// Where the next clause ends; it needs the character after it to be sure.
    private mutating func boundary() -> Int? {
        while scanned + 1 < pending.count {
            defer { scanned += 1 }
            if endsClause(at: scanned) { return scanned + 1 }
        }
        let limit = isFirst ? Self.firstMaximum : Self.maximum
        guard pending.count > limit else { return nil }
        let space = pending[..<limit].lastIndex { $0.isWhitespace }
        return space.flatMap { $0 > 0 ? $0 : nil } ?? limit
    }

    /// Whether a clause may end with the character at `index`; there is one after it.
    private func endsClause(at index: Int) -> Bool {
        let character = pending[index]
        let length = index + 1
        guard hasWord(upTo: length) else { return false }
        if Self.wideSentenceEnds.contains(character) { return !isEnd(pending[index + 1]) }
        if Self.wideCommas.contains(character) {
            // A wide character says about as much as two.
            return length >= (isFirst ? Self.firstMinimum : Self.commaMinimum) / 2
        }
        if character.isNewline { return true }
        guard pending[index + 1].isWhitespace else { return false }
        if endsSentence(at: index) { return length >= (isFirst ? 2 : Self.sentenceMinimum) }
        return Self.commas.contains(character) && length >= (isFirst ? Self.firstMinimum : Self.commaMinimum)
    }

    private func isEnd(_ character: Character) -> Bool {
        Self.wideSentenceEnds.contains(character) || Self.closers.contains(character)
    }

    private func endsSentence(at index: Int) -> Bool {
        var last = index
        while last > 0, Self.closers.contains(pending[last]) { last -= 1 }
        guard Self.sentenceEnds.contains(pending[last]) else { return false }
        guard pending[last] == "." else { return true }
        let word = pending[..<last].reversed().prefix { !$0.isWhitespace }.reversed()
        // "1." before an entry of a list.
        if word.count <= 2, word.allSatisfy(\.isNumber), pending[..<(last - word.count)].allSatisfy(\.isWhitespace) {
            return false
        }
        if word.count == 1, let letter = word.first, letter.isLetter, letter.isUppercase { return false }
        return !Self.abbreviations.contains(String(word).lowercased())
    }

    private func hasWord(upTo length: Int) -> Bool {
        pending[..<length].contains { $0.isLetter || $0.isNumber }
    }
}
