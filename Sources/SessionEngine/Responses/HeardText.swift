import RealtimeProtocol

/// The beginning of a text that was heard before its speech was cut.
package enum HeardText {
    /// By word times: up to the last word that ended by `ms`, with the punctuation that hangs on it. Nil when there are
    /// no word times, or the words are not those of the text (a number read out, say).
    static func prefix(of text: String, words: [WordTiming], ms: Int) -> String? {
        guard !words.isEmpty else { return nil }
        let characters = Array(text)
        var cursor = 0
        var heardEnd = 0
        for word in words {
            guard let end = find(Array(word.text).trimmed, in: characters, from: cursor) else { return nil }
            cursor = end
            if word.endMs <= ms { heardEnd = end }
        }
        return String(characters[..<endOfWord(characters, from: heardEnd)])
    }

    /// Without word times: as much of the text as of its sound, down to a whole word.
    package static func prefix(of text: String, fraction: Double) -> String {
        let characters = Array(text)
        guard fraction < 1 else { return text }
        let count = Int(Double(characters.count) * max(0, fraction))
        guard count < characters.count, !characters[count].isWhitespace else { return String(characters[..<count]) }
        let lastSpace = characters[..<count].lastIndex { $0.isWhitespace }
        return String(characters[..<(lastSpace ?? 0)])
    }

    /// The position after `word` at or after `start`.
    private static func find(_ word: ArraySlice<Character>, in text: [Character], from start: Int) -> Int? {
        guard !word.isEmpty else { return start }
        guard start + word.count <= text.count else { return nil }
        for first in start...(text.count - word.count) where text[first] == word[word.startIndex] {
            if text[first..<(first + word.count)].elementsEqual(word) { return first + word.count }
        }
        return nil
    }

    private static func endOfWord(_ text: [Character], from start: Int) -> Int {
        guard start > 0 else { return 0 }
        return text[start...].firstIndex { $0.isWhitespace || $0.isLetter || $0.isNumber } ?? text.count
    }
}

extension [Character] {
    /// Without white space at both ends.
    fileprivate var trimmed: ArraySlice<Character> {
        let head = drop { $0.isWhitespace }
        return head[..<((head.lastIndex { !$0.isWhitespace }).map { $0 + 1 } ?? head.startIndex)]
    }
}
