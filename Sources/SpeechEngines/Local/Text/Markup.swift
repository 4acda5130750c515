/// What stands in a written word for the eye alone.
enum Markup {
    /// Signs that draw a face, or a heart.
    private static let emoticons: Set = [":D", ":-D", ":P", ":-P", ";P", "XD", "xD", "<3", ":3", ":'("]

    /// Without the address of a link, tags, entities and marks that only change how a character looks.
    static func removed(from word: Substring) -> Substring {
        if emoticons.contains(String(word)) { return "" }
        var text = word
        if let link = text.firstRange(of: "](") {
            let end = text[link.upperBound...].firstIndex(of: ")")
            text = text[..<link.lowerBound] + (end.map { text[text.index(after: $0)...] } ?? "")
        }
        if text.hasPrefix("![") { text = text.dropFirst(2) }
        text = withoutTags(text)
        for (entity, sign) in entities { text.replace(entity, with: sign) }
        return Substring(String(String.UnicodeScalarView(text.unicodeScalars.filter { !invisible.contains($0) })))
    }

    private static let entities = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", ""), ("&quot;", "")]

    /// Soft hyphen, zero-width marks, the variation selector and the keycap of emoji.
    private static let invisible: Set<Unicode.Scalar> = [
        "\u{AD}", "\u{200B}", "\u{200C}", "\u{2060}", "\u{FEFF}", "\u{FE0F}", "\u{20E3}",
    ]

    /// "<b>", "</b>", "<br/>": a letter or a slash follows the bracket.
    private static func withoutTags(_ text: Substring) -> Substring {
        var (rest, result) = (text, "")
        while let start = rest.firstIndex(of: "<") {
            let inner = rest[rest.index(after: start)...]
            guard let first = inner.first, first.isLetter || first == "/", let end = inner.firstIndex(of: ">"),
                !inner[..<end].contains("@")
            else { break }
            result += rest[..<start]
            rest = rest[rest.index(after: end)...]
        }
        return Substring(result + rest)
    }
}
