/// How one written word is read, given its neighbours.
struct WordReading {
    private(set) var words: [String] = []
    /// Whether the dot after it belongs to it.
    private(set) var takesDot = false

    private let next: String
    private let previous: String

    /// - Parameters:
    ///   - core: without punctuation around it.
    ///   - dotted: whether a dot follows it directly.
    init(_ core: String, dotted: Bool, after previous: String, before next: String) {
        self.next = next
        self.previous = previous
        guard !core.isEmpty else { return }
        if let words = abbreviation(core, dotted: dotted) {
            self.words = words
            takesDot = true
        } else {
            words = read(core)
        }
    }

    private func abbreviation(_ core: String, dotted: Bool) -> [String]? {
        if let words = Abbreviations.wholes[core] { return words }
        if let letters = Self.dottedLetters(core, dotted: dotted) { return letters }
        if let unit = afterNumber(core, dotted: dotted) {
            // A unit's dot ends the sentence unless the next word goes on with it.
            return dotted && next.first?.isLowercase == true ? unit : nil
        }
        let startsName = next.first?.isUppercase == true
        if core == "St" { return [startsName ? "saint" : "street"] }
        if core == "Dr", !startsName, previous.first?.isUppercase == true { return ["drive"] }
        if next.first?.isASCIIDigit == true {
            if dotted, let word = Abbreviations.counted[core] { return [word] }
            // "Jan 5" needs no dot.
            if Abbreviations.monthPrefixes.contains(core.lowercased()), core != "may" {
                return Abbreviations.dotted[core]
            }
        }
        return dotted ? Abbreviations.dotted[core] : Abbreviations.undotted[core].map { [$0] }
    }

    /// "U.S", "p.m", "e.g": one letter before each dot.
    private static func dottedLetters(_ core: String, dotted: Bool) -> [String]? {
        let parts = core.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, parts.allSatisfy({ $0.count == 1 && $0.first?.isLetter == true }) else { return nil }
        switch core.lowercased() {
        case "e.g": return ["for", "example"]
        case "i.e": return ["that", "is"]
        default: return parts.map { $0.uppercased() }
        }
    }

    private func read(_ core: String) -> [String] {
        if let words = afterNumber(core, dotted: false) ?? symbol(core) ?? spelled(core) { return words }
        if let words = RomanNumeral(core, after: previous)?.words { return words }
        if core.contains(where: \.isNumber), let words = number(core) { return words }
        if let words = address(core) { return words }
        let pieces = core.split(whereSeparator: { "-–—/".contains($0) }).map(String.init)
        return pieces.count > 1 ? compound(pieces, slash: core.contains("/")) : parts(of: core).flatMap(plain)
    }

    /// With the sign before it: "#1", "~5", "≥3".
    private func number(_ core: String) -> [String]? {
        if let words = NumberReading(core, after: previous, before: next).words { return words }
        if core.hasSuffix("'s") || core.hasSuffix("’s"),
            let words = NumberReading(String(core.dropLast(2)), after: previous, before: next).words
        {
            return words.dropLast() + words.suffix(1).map { $0 + "'s" }
        }
        guard let sign = core.first, let words = Abbreviations.numberSigns[sign], core.count > 1,
            let number = NumberReading(String(core.dropFirst()), after: "", before: next).words
        else { return nil }
        return words + number
    }

    /// A quotation or a heading begins with a sign that is not said.
    private func symbol(_ core: String) -> [String]? {
        if core == ">", previous.isEmpty { return [] }
        if core == "#" { return next.first?.isASCIIDigit == true ? ["number"] : [] }
        return core.first?.isNumber == true ? nil : Abbreviations.symbols[core]
    }

    /// "US", "IT" among other words, and the halves of the day after a time.
    private func spelled(_ core: String) -> [String]? {
        if ["am", "pm"].contains(core.lowercased()), previous.last?.isNumber == true {
            return core.uppercased().map(String.init)
        }
        let isLoud = [previous, next].contains { $0.count > 1 && $0 == $0.uppercased() && $0 != $0.lowercased() }
        return Abbreviations.spelled.contains(core) && !isLoud ? core.map(String.init) : nil
    }

    /// "mid-1990s", "5-km", "c-a-t", "$5/month".
    private func compound(_ pieces: [String], slash: Bool) -> [String] {
        if pieces.allSatisfy({ $0.count == 1 && $0.first?.isLetter == true }) {
            return pieces.map { $0.uppercased() }
        }
        var words: [String] = []
        for (index, piece) in pieces.enumerated() {
            let before = index > 0 ? pieces[index - 1] : ""
            let isMeasured = before.contains(where: \.isASCIIDigit)
            if slash, isMeasured, before.contains(where: { !$0.isASCIIDigit }), !piece.contains(where: \.isNumber) {
                words.append("per")
            }
            if isMeasured, let unit = Abbreviations.units[piece]?.0 {
                words += unit.split(separator: " ").map(String.init)
            } else {
                words += WordReading(piece, dotted: false, after: "", before: "").words
            }
        }
        return words
    }

    /// "km" in "5 km", "million" in "$5 million".
    private func afterNumber(_ core: String, dotted: Bool) -> [String]? {
        if let sign = previous.first, let names = Abbreviations.currencies[sign], core.count > 2,
            let scale = Abbreviations.scales[core]
        {
            return [scale, names.1]
        }
        // "5 in the room" is no length.
        guard previous.last?.isNumber == true, core != "in" || dotted, let names = Abbreviations.units[core] else {
            return nil
        }
        let isOne = previous == "1" || previous.hasPrefix("1/") || previous == "½"
        return (isOne ? names.0 : names.1).split(separator: " ").map(String.init)
    }

    /// E-mail addresses, sites and file names: their dots and signs are said.
    private func address(_ core: String) -> [String]? {
        guard let scheme = core.firstRange(of: "://") ?? core.firstRange(of: "mailto:") else {
            let isAddress = core.contains("@") && core.contains(".") && core.count > 3
            let host = core.prefix { $0 != "/" }
            let labels = host.split(separator: ".", omittingEmptySubsequences: false)
            let isSite =
                labels.count > 1 && labels.last?.first?.isLetter == true
                && labels.allSatisfy { $0.count > 1 && $0.allSatisfy(\.isAddressCharacter) }
            return isAddress || isSite ? spelledAddress(core) : nil
        }
        return spelledAddress(String(core[scheme.upperBound...]))
    }

    private func spelledAddress(_ text: String) -> [String] {
        var words: [String] = []
        var label = ""
        for character in text {
            if character.isLetter || character.isNumber {
                label.append(character)
                continue
            }
            words += label.isEmpty ? [] : parts(of: label).flatMap(plain)
            label = ""
            if let name = Abbreviations.addressSigns[character] { words.append(name) }
        }
        return words + (label.isEmpty ? [] : parts(of: label).flatMap(plain))
    }

    /// Cuts at hyphens and slashes, between letters and digits, and where small letters meet capitals.
    private func parts(of core: String) -> [String] {
        if core.hasPrefix("Mc"), core.allSatisfy({ $0.isLetter || $0.isApostrophe }) { return [core] }
        if let parts = Self.letteredCode(core) { return parts }
        var parts = core.first == "#" && core.dropFirst().first?.isLetter == true ? ["hashtag"] : []
        var part = ""
        for character in core {
            guard character.isLetter || character.isNumber || character.isApostrophe else {
                parts.append(part)
                part = ""
                if let word = Abbreviations.signs[character] { parts.append(word) }
                continue
            }
            if let last = part.last, Self.isSeam(last, character) {
                parts.append(part)
                part = ""
            }
            part.append(character.isApostrophe ? "'" : character)
        }
        return (parts + [part]).filter { $0.contains { $0.isLetter || $0.isNumber } }
    }

    /// "CO2", "MP3": up to three capitals are said one by one before a number.
    private static func letteredCode(_ core: String) -> [String]? {
        let letters = core.prefix(while: \.isUppercase)
        let number = String(core[letters.endIndex...])
        guard (1...3).contains(letters.count), number.isWholeNumber else { return nil }
        return letters.map { String($0) } + [number]
    }

    private static func isSeam(_ left: Character, _ right: Character) -> Bool {
        left.isNumber != right.isNumber && !left.isApostrophe && !right.isApostrophe
            || left.isLowercase && right.isUppercase
    }

    /// A part without signs: a number, an acronym, or a word.
    private func plain(_ part: String) -> [String] {
        if part.allSatisfy(\.isASCIIDigit) {
            return part.count > 1 && part.first == "0" ? NumberWords.digits(part) : NumberWords.decimal(part) ?? []
        }
        if let words = Abbreviations.wholes[part] { return words }
        if let sign = part.first, part.count == 1, let words = Abbreviations.raised[sign] { return words }
        return [part]
    }
}

extension Character {
    fileprivate var isApostrophe: Bool { self == "'" || self == "’" || self == "‘" }
    fileprivate var isAddressCharacter: Bool { isASCII && (isLetter || isNumber || self == "-") }
}
