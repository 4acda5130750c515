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
        if let letters = Self.dottedLetters(core, dotted: dotted) { return letters }
        guard dotted else { return Abbreviations.undotted[core].map { [$0] } }
        if core == "St" { return [next.first?.isUppercase == true ? "saint" : "street"] }
        if core == "No", next.first?.isASCIIDigit == true { return ["number"] }
        return Abbreviations.dotted[core]
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
        if let words = afterNumber(core) ?? Abbreviations.symbols[core] { return words }
        if core.contains(where: \.isASCIIDigit), let words = NumberReading(core, after: previous, before: next).words {
            return words
        }
        if let words = address(core) { return words }
        return parts(of: core).flatMap(plain)
    }

    /// "km" in "5 km", "million" in "$5 million".
    private func afterNumber(_ core: String) -> [String]? {
        if let sign = previous.first, let names = Abbreviations.currencies[sign], core.count > 2,
            let scale = Abbreviations.scales[core]
        {
            return [scale, names.1]
        }
        guard previous.first?.isASCIIDigit == true, let names = Abbreviations.units[core] else { return nil }
        return (previous == "1" ? names.0 : names.1).split(separator: " ").map(String.init)
    }

    /// E-mail addresses, sites and file names: their dots and signs are said.
    private func address(_ core: String) -> [String]? {
        guard let scheme = core.firstRange(of: "://") else {
            let isAddress = core.contains("@") && core.contains(".") && core.count > 3
            let labels = core.split(separator: ".", omittingEmptySubsequences: false)
            let isSite = labels.count > 1 && labels.allSatisfy { $0.count > 1 && $0.allSatisfy(\.isAddressCharacter) }
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
        var parts: [String] = []
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

    private static func isSeam(_ left: Character, _ right: Character) -> Bool {
        left.isNumber != right.isNumber && !left.isApostrophe && !right.isApostrophe
            || left.isLowercase && right.isUppercase
    }

    /// A part without signs: a number, an acronym, or a word.
    private func plain(_ part: String) -> [String] {
        if part.allSatisfy(\.isASCIIDigit) {
            return part.count > 1 && part.first == "0" ? NumberWords.digits(part) : NumberWords.decimal(part) ?? []
        }
        return [part]
    }
}

extension Character {
    fileprivate var isApostrophe: Bool { self == "'" || self == "’" || self == "‘" }
    fileprivate var isAddressCharacter: Bool { isASCII && (isLetter || isNumber || self == "-" || self == "/") }
}
