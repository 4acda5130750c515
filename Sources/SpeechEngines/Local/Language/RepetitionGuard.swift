/// Stops an answer that begins to repeat itself, as small models do until their limit.
///
/// A sentence of at least `shortestWords` words that was said before in the same answer ends it. Text passes at once, but for
/// what is so far the beginning of a sentence already said.
struct RepetitionGuard {
    /// Shorter ones repeat in good speech: "Yes, yes."
    private static let shortestWords = 4

    private var said: Set<String> = []
    /// The present sentence in small letters and digits, words apart.
    private var sentence = ""
    private var held = ""
    /// Whether the answer repeats itself; nothing passes any more.
    private(set) var isStuck = false

    /// What may be said.
    mutating func feed(_ text: String) -> String {
        var passed = ""
        for character in text where !isStuck {
            held.append(character)
            if Self.endsSentence(character) {
                passed += endSentence()
            } else {
                extend(character)
                if !said.contains(where: { $0.hasPrefix(sentence) }) { passed += release() }
            }
        }
        return passed
    }

    /// What is left at the end of the answer.
    mutating func finish() -> String { isStuck ? "" : endSentence() }

    private static func endsSentence(_ character: Character) -> Bool {
        character == "." || character == "!" || character == "?" || character.isNewline
    }

    private mutating func extend(_ character: Character) {
        if character.isLetter || character.isNumber {
            sentence += character.lowercased()
        } else if character.isWhitespace, !sentence.isEmpty, sentence.last != " " {
            sentence.append(" ")
        }
    }

    private mutating func endSentence() -> String {
        let words = sentence.split(separator: " ")
        let whole = words.joined(separator: " ")
        sentence = ""
        if said.contains(whole) {
            isStuck = true
            held = ""
        } else if words.count >= Self.shortestWords {
            said.insert(whole)
        }
        return release()
    }

    private mutating func release() -> String {
        defer { held = "" }
        return held
    }
}
