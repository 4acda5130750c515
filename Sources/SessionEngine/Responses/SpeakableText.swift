/// Takes from a stream of text what is there for the eye alone, so that the rest can be spoken, by whatever voice, and read
/// as what was said: marks of Markdown and HTML, the addresses of links, emoji. Words stay, those of code too.
///
/// Holds back only what a later character may change: marks, and a link until it ends.
struct SpeakableText: Equatable, Sendable {
    /// Of what may be held back in one piece; longer than that it is no mark.
    private static let maximumHeld = 400
    private static let emphasis: Set<Character> = ["*", "_", "~", "`"]

    private enum Line: Equatable, Sendable {
        /// At its first character.
        case start
        case text
    }

    private var pending: [Character] = []
    private var line = Line.start
    /// Between two fences.
    private var isCode = false
    /// The last character that was given.
    private var last: Character?

    /// Takes a piece of text; returns what of it, and of what was held back, can be said.
    mutating func append(_ text: String) -> String {
        pending += Array(text)
        return drain(isEnd: false)
    }

    /// What is left, when the text has ended.
    mutating func finish() -> String { drain(isEnd: true) }

    /// Something at the beginning of what is pending: how long it is, and what is said of it.
    private struct Piece {
        var length: Int
        var text: [Character] = []
        /// Put back before the rest, since marks may stand in it.
        var inner: [Character] = []
    }

    private mutating func drain(isEnd: Bool) -> String {
        var said = ""
        while !pending.isEmpty {
            guard let piece = next(isEnd: isEnd || pending.count >= Self.maximumHeld) else { break }
            pending.replaceSubrange(..<piece.length, with: piece.inner)
            for character in piece.text {
                // Where something was taken out two spaces meet.
                if !isCode, character == " ", last == " " || last?.isNewline == true { continue }
                said.append(character)
                last = character
            }
        }
        return said
    }

    /// Nil when the next characters must be known first.
    private mutating func next(isEnd: Bool) -> Piece? {
        if line == .start {
            guard let mark = lineMark(isEnd: isEnd) else { return nil }
            guard mark.length == 0 else { return mark }
            line = .text
        }
        let first = pending[0]
        if first.isNewline {
            line = .start
            return Piece(length: 1, text: [first])
        }
        if isCode { return Piece(length: 1, text: [first]) }
        switch first {
        case _ where Self.emphasis.contains(first): return emphasis(first, isEnd: isEnd)
        case "!":
            guard pending.count > 1 || isEnd else { return nil }
            return Piece(length: 1, text: pending.count > 1 && pending[1] == "[" ? [] : [first])
        case "[": return link(isEnd: isEnd)
        case "<": return tag(isEnd: isEnd)
        default: return Piece(length: 1, text: Self.withoutEmoji(first))
        }
    }

    // MARK: Lines

    /// What stands before the text of a line and is not said; empty where nothing does.
    private mutating func lineMark(isEnd: Bool) -> Piece? {
        let indent = pending.prefix { $0 == " " || $0 == "\t" }.count
        guard indent < pending.count else { return isEnd ? Piece(length: indent) : nil }
        let rest = pending[indent...]
        let run = rest.prefix { $0 == rest.first }.count
        let isCut = indent + run == pending.count
        switch pending[indent] {
        case "`", "~":
            if isCut, !isEnd { return nil }
            return run >= 3 ? fence(after: indent + run, isEnd: isEnd) : Piece(length: 0)
        case _ where isCode: return Piece(length: 0)
        case "-", "*", "_", "+", "•": return bullet(indent, isEnd: isEnd)
        case "#", ">":
            if isCut, !isEnd { return nil }
            guard !isCut, run <= 6, pending[indent + run] == " " else { return Piece(length: 0) }
            return Piece(length: indent + run + 1)
        default: return Piece(length: 0)
        }
    }

    /// "```swift" and its end, as a line of its own.
    private mutating func fence(after start: Int, isEnd: Bool) -> Piece? {
        let end = pending[start...].firstIndex(where: \.isNewline)
        guard end != nil || isEnd else { return nil }
        guard !pending[start..<(end ?? pending.count)].contains("`") else { return Piece(length: 0) }
        isCode.toggle()
        return Piece(length: end.map { $0 + 1 } ?? pending.count)
    }

    /// "- ", or "---" as a line of its own.
    private func bullet(_ indent: Int, isEnd: Bool) -> Piece? {
        let mark = pending[indent]
        let rule = pending[indent...].prefix { $0 == mark || $0 == " " }
        let isLine = rule.endIndex < pending.count ? pending[rule.endIndex].isNewline : isEnd
        if rule.endIndex == pending.count, !isEnd { return nil }
        if isLine, rule.count(where: { $0 == mark }) >= 3 {
            return Piece(length: min(rule.endIndex + 1, pending.count))
        }
        guard mark != "_", indent + 1 < pending.count, pending[indent + 1] == " " else { return Piece(length: 0) }
        return Piece(length: indent + 2)
    }

    // MARK: Within a line

    /// "**", "_" or "`" beside a word; kept between two letters, as in `snake_case` and 2*3, and between two spaces.
    private func emphasis(_ mark: Character, isEnd: Bool) -> Piece? {
        let run = pending.prefix { $0 == mark }.count
        guard run < pending.count || isEnd else { return nil }
        let after = run < pending.count ? pending[run] : nil
        let isInWord = Self.isWord(last) && Self.isWord(after)
        let isAlone = Self.isSpace(last) && Self.isSpace(after)
        // "~5" is about a number.
        let isSaid = mark != "`" && (isInWord || isAlone || mark == "~" && run == 1)
        return Piece(length: run, text: isSaid ? Array(pending[..<run]) : [])
    }

    /// "[text](address)": the text.
    private func link(isEnd: Bool) -> Piece? {
        let bracket = Piece(length: 1, text: ["["])
        let line = pending.prefix { !$0.isNewline }
        guard let close = line.firstIndex(of: "]") else {
            return isEnd || line.count < pending.count ? bracket : nil
        }
        guard close + 1 < pending.count else { return isEnd ? bracket : nil }
        guard pending[close + 1] == "(" else { return bracket }
        guard let end = line[(close + 1)...].firstIndex(of: ")") else {
            return isEnd || line.count < pending.count ? bracket : nil
        }
        return Piece(length: end + 1, inner: Array(pending[1..<close]))
    }

    /// "<b>", "</b>", "<br/>"; of "<https://example.com>" the address.
    private func tag(isEnd: Bool) -> Piece? {
        let sign = Piece(length: 1, text: ["<"])
        guard pending.count > 1 else { return isEnd ? sign : nil }
        guard pending[1].isLetter || pending[1] == "/" else { return sign }
        let line = pending.prefix { !$0.isNewline }
        guard let end = line.firstIndex(of: ">") else { return isEnd || line.count < pending.count ? sign : nil }
        let inside = pending[1..<end]
        let isAddress = inside.contains("@") || inside.contains(":")
        if isAddress, !inside.contains(" ") { return Piece(length: end + 1, inner: Array(inside)) }
        guard !inside.contains(" ") || inside.contains("=") || inside.last == "/" else { return sign }
        return Piece(length: end + 1)
    }

    /// The digit of a keycap; nothing of other emoji.
    private static func withoutEmoji(_ character: Character) -> [Character] {
        let scalars = character.unicodeScalars
        guard let first = scalars.first, !first.isASCII || scalars.count > 1, !character.isNewline else {
            return [character]
        }
        if first.isASCII { return scalars.contains("\u{20E3}") ? [Character(first)] : [character] }
        let isJoiner = first == "\u{200D}" || first == "\u{FE0F}"
        let isEmoji = first.properties.isEmojiPresentation || scalars.contains("\u{FE0F}")
        return isJoiner || isEmoji ? [] : [character]
    }

    private static func isWord(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber } ?? false
    }

    private static func isSpace(_ character: Character?) -> Bool { character?.isWhitespace ?? true }
}
