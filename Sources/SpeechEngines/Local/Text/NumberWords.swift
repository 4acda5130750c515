/// English words for numbers, as an American reads them aloud.
enum NumberWords {
    private static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    private static let scales = ["", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion"]
    private static let irregularOrdinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]

    static func cardinal(_ number: Int) -> [String] {
        if number < 0 { return ["minus"] + cardinal(number == .min ? .max : -number) }
        if number < 1000 { return belowThousand(number) }
        var groups: [[String]] = []
        var (rest, scale) = (number, 0)
        while rest > 0 {
            let group = rest % 1000
            if group > 0 { groups.append(belowThousand(group) + (scale > 0 ? [scales[scale]] : [])) }
            rest /= 1000
            scale += 1
        }
        return groups.reversed().flatMap { $0 }
    }

    private static func belowThousand(_ number: Int) -> [String] {
        if number < 20 { return [small[number]] }
        if number < 100 { return [tens[number / 10]] + (number % 10 > 0 ? [small[number % 10]] : []) }
        return [small[number / 100], "hundred"] + (number % 100 > 0 ? belowThousand(number % 100) : [])
    }

    static func ordinal(_ number: Int) -> [String] {
        var words = cardinal(number)
        guard let last = words.popLast() else { return [] }
        if let irregular = irregularOrdinals[last] { return words + [irregular] }
        return words + [last.hasSuffix("y") ? last.dropLast() + "ieth" : last + "th"]
    }

    /// Years of 1000 to 2999 in pairs, but for those that begin a millennium.
    static func year(_ number: Int) -> [String] {
        guard (1000...2999).contains(number), number % 1000 >= 10 else { return cardinal(number) }
        let (century, rest) = (number / 100, number % 100)
        switch rest {
        case 0: return cardinal(century) + ["hundred"]
        case 1...9: return cardinal(century) + ["oh"] + cardinal(rest)
        default: return cardinal(century) + cardinal(rest)
        }
    }

    /// One by one.
    static func digits(_ text: some StringProtocol) -> [String] {
        text.compactMap { $0.wholeNumberValue }.filter { $0 < 10 }.map { small[$0] }
    }

    /// "3.14", "1,250", "-7", ".5"; nil for what is no number. Too long ones are read by digits.
    static func decimal(_ text: some StringProtocol) -> [String]? {
        var rest = Substring(String(text).filter { $0 != "," })
        let sign = rest.hasPrefix("-") || rest.hasPrefix("−") ? ["minus"] : rest.hasPrefix("+") ? ["plus"] : []
        if !sign.isEmpty { rest = rest.dropFirst() }
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, parts.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }),
            !(parts.last ?? "").isEmpty
        else { return nil }
        // Leading zeros are said, as in a code.
        let isCode = whole.count > 1 && whole.first == "0"
        let before = whole.isEmpty ? [] : isCode ? digits(whole) : Int(whole).map(cardinal) ?? digits(whole)
        let after = parts.count == 2 ? ["point"] + digits(parts[1]) : []
        return sign + before + after
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}
