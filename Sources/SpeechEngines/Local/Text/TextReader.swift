/// Reads written English aloud: numbers, money, dates, times, abbreviations, symbols and markup become words.
///
/// Works word by word, so that each spoken word keeps its place in the text that is shown.
struct TextReader {
    private static let opening: Set<Character> = [
        "\"", "“", "‘", "'", "(", "[", "{", "*", "_", "`", "<", "¿", "¡", "•", "~",
    ]
    private static let closing: Set<Character> = ["\"", "”", "’", "'", ")", "]", "}", "*", "_", "`", ">", "~"]
    private static let pauses: Set<Character> = [".", ",", "!", "?", ";", ":", "…"]

    static func read(_ text: String) -> [SpokenWord] {
        let tokens = text.split(whereSeparator: \.isWhitespace).map { Token($0) }
        return tokens.indices.map { index in
            let next = index + 1 < tokens.count ? tokens[index + 1].core : ""
            let previous = index > 0 ? tokens[index - 1].core : ""
            let isLast = index + 1 == tokens.count
            return tokens[index].spoken(after: previous, before: next, isLast: isLast)
        }
    }

    /// A word with what stands around it taken off.
    private struct Token {
        let display: String
        let core: String
        /// Punctuation at the end, in order.
        let tail: String

        init(_ text: Substring) {
            display = String(text)
            var core = Markup.removed(from: text)
            var tail = ""
            while let first = core.first, opening.contains(first), core.count > 1 {
                // "~5" and "<5" are about a number, "~~" and "<" alone are markup.
                if "~<".contains(first), core.dropFirst().first?.isASCIIDigit == true { break }
                core.removeFirst()
            }
            while let last = core.last, pauses.contains(last) || closing.contains(last) || last == "—" {
                if last == "'" && core.count > 2 && core.dropLast().last == "s" && tail.isEmpty { break }
                tail = String(last) + tail
                core.removeLast()
            }
            self.core = String(core)
            self.tail = tail
        }

        func spoken(after previous: String, before next: String, isLast: Bool) -> SpokenWord {
            let reading = WordReading(core, dotted: tail.hasPrefix("."), after: previous, before: next)
            var pause = tail.last { pauses.contains($0) || $0 == "—" }
            // The dot of an abbreviation is no end of a sentence, unless nothing follows or a sentence begins.
            if reading.takesDot, pause == ".", !isLast { pause = nil }
            if reading.words.isEmpty, pause == nil, core.contains(where: { "-–—".contains($0) }) { pause = "—" }
            return SpokenWord(display: display, words: reading.words, pause: pause)
        }
    }
}
