/// Numbers that are told by their parts: phones, versions, ranges, ratios, sizes.
extension NumberReading {
    /// Digits in each part of what is read digit by digit: phone numbers and United States social security numbers.
    private static let digitGroups = [[3, 4], [3, 3, 4], [1, 3, 3, 4], [2, 3, 3, 4], [3, 2, 4]]

    static func code(_ core: String, _ previous: String, _ next: String) -> [String]? {
        let parts = core.split(omittingEmptySubsequences: false) { "-.".contains($0) }
        let isPhone = digitGroups.contains(parts.map { $0.filter(\.isASCIIDigit).count })
        if isPhone, parts.count > 2 || core.contains("-"), core.allSatisfy({ $0.isASCIIDigit || "-.+".contains($0) }) {
            let groups = parts.flatMap { $0 == "800" ? ["eight", "hundred"] : NumberWords.digits($0) }
            return core.hasPrefix("+") ? ["plus"] + groups : groups
        }
        return dotted(core) ?? digits(core, previous, next)
    }

    /// An area code, a ZIP code after its state, an emergency number.
    private static func digits(_ core: String, _ previous: String, _ next: String) -> [String]? {
        guard core.allSatisfy(\.isASCIIDigit) else { return nil }
        let local = next.split(separator: "-", omittingEmptySubsequences: false)
        let isArea = core.count == 3 && local.map(\.count) == [3, 4] && local.joined().allSatisfy(\.isASCIIDigit)
        let isZIP = core.count == 5 && previous.count == 2 && previous.allSatisfy(\.isUppercase)
        let isCalled = core.count == 3 && core.hasSuffix("11") && ["call", "dial"].contains(previous.lowercased())
        return isArea || isZIP || isCalled ? NumberWords.digits(core) : nil
    }

    /// "1.2.3", "v2.0", "192.168.0.1".
    private static func dotted(_ core: String) -> [String]? {
        let isVersion = core.first == "v"
        let parts = (isVersion ? core.dropFirst() : core[...]).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > (isVersion ? 0 : 2), parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) })
        else { return nil }
        let isAddress = parts.count == 4
        let words = parts.map { isAddress ? NumberWords.digits($0) : NumberWords.decimal($0) ?? [] }
        return (isVersion ? ["version"] : []) + Array(words.joined(separator: [isAddress ? "dot" : "point"]))
    }

    /// "10-20", "1990–2000", "$5-10", "7-9pm", "50-60%".
    static func range(_ core: String, _ previous: String) -> [String]? {
        let parts = core.split(omittingEmptySubsequences: false) { "-–—".contains($0) }.map(String.init)
        guard parts.count == 2, var from = parts.first, var to = parts.last, !from.isEmpty, !to.isEmpty else {
            return nil
        }
        if let sign = from.first, Abbreviations.currencies[sign] != nil, to.first?.isASCIIDigit == true {
            from.removeFirst()
            to = String(sign) + to
        }
        guard let first = from.first, let start = to.first,
            first.isASCIIDigit || Abbreviations.currencies[first] != nil,
            start.isASCIIDigit || Abbreviations.currencies[start] != nil,
            let low = NumberReading(from, after: previous, before: "").words,
            let high = NumberReading(to, after: previous, before: "").words
        else { return nil }
        return low + ["to"] + high
    }

    /// "16:9", "1920x1080", "6'2".
    static func pair(_ core: String) -> [String]? {
        for (sign, word) in [(":", "to"), ("x", "by"), ("×", "by"), ("'", "foot"), ("’", "foot")]
            as [(Character, String)]
        {
            let parts = core.split(separator: sign, omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ $0.first?.isASCIIDigit == true }),
                let first = NumberWords.decimal(parts[0]), let second = NumberWords.decimal(parts[1])
            else { continue }
            return first + [word] + second
        }
        return nil
    }

    /// "2½", and "½" after a number.
    static func withFraction(_ core: String, _ previous: String) -> [String]? {
        guard let sign = core.last, !sign.isASCII, let part = Abbreviations.symbols[String(sign)] else { return nil }
        guard core.count > 1 else { return previous.isWholeNumber ? ["and"] + part : part }
        return NumberWords.decimal(core.dropLast()).map { $0 + ["and"] + part }
    }
}

extension String {
    /// One digit or more and nothing else.
    var isWholeNumber: Bool { !isEmpty && allSatisfy(\.isASCIIDigit) }
}
