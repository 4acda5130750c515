/// How a word with digits in it is read; `words` is nil for what is no number, date, time or amount.
struct NumberReading {
    let words: [String]?

    init(_ core: String, after previous: String, before next: String) {
        let readers: [() -> [String]?] = [
            { Self.money(core, next) },
            { Self.time(core, next) },
            { Self.isoDate(core) },
            { Self.slashes(core, previous) },
            { Self.code(core, previous, next) },
            { Self.range(core, previous) },
            { Self.ordinal(core) },
            { Self.decade(core) },
            { Self.year(core, previous, next) },
            { Self.dayOfMonth(core, previous, next) },
            { Self.quantity(core) },
            { Self.pair(core) },
            { Self.withFraction(core, previous) },
            { NumberWords.decimal(core) },
        ]
        words = readers.lazy.compactMap { $0() }.first
    }

    // MARK: Amounts

    private static func money(_ core: String, _ next: String) -> [String]? {
        let minus = core.first == "-" ? ["minus"] : []
        let text = core.drop { $0 == "-" }
        if text.hasPrefix("US$"), let words = money(String(text.dropFirst(2)), next) {
            return minus + words.flatMap { $0.hasPrefix("dollar") ? ["U", "S", $0] : [$0] }
        }
        guard let sign = text.first, let names = Abbreviations.currencies[sign] else { return nil }
        let amount = text.dropFirst()
        let number = amount.prefix { $0.isASCIIDigit || $0 == "," || $0 == "." }
        guard let words = NumberWords.decimal(number) else { return nil }
        if let scale = Abbreviations.scales[String(amount[number.endIndex...])] {
            return minus + words + [scale, names.1]
        }
        guard number.endIndex == amount.endIndex else { return nil }
        // "$5 million": the name of the currency comes after the next word, which stands for itself.
        if Abbreviations.scales[next] != nil, next.count > 2 { return minus + words }
        return minus + (coins(number, names) ?? words + [number == "1" ? names.0 : names.1])
    }

    /// "5.99" as notes and coins; nil without two digits of them.
    private static func coins(_ number: Substring, _ names: (String, String, String, String)) -> [String]? {
        let parts = number.replacing(",", with: "").split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 2, let cents = Int(parts[1]), let whole = Int("0" + parts[0]) else {
            return nil
        }
        let coins = cents == 0 ? [] : NumberWords.cardinal(cents) + [cents == 1 ? names.2 : names.3]
        if whole == 0 && cents > 0 { return coins }
        let notes = NumberWords.cardinal(whole) + [whole == 1 ? names.0 : names.1]
        return notes + (coins.isEmpty ? [] : ["and"] + coins)
    }

    /// "20km", "50%", "21°C", "3x".
    private static func quantity(_ core: String) -> [String]? {
        let number = core.prefix { $0.isASCIIDigit || $0 == "," || $0 == "." || $0 == "-" || $0 == "+" }
        guard let words = NumberWords.decimal(number) else { return nil }
        let unit = String(core[number.endIndex...])
        guard let names = Abbreviations.units[unit] else {
            // "10k", but "apartment 4B" and "4K" are said as written.
            return ["k", "M", "bn", "tn"].contains(unit) ? Abbreviations.scales[unit].map { words + [$0] } : nil
        }
        return words + (number == "1" ? names.0 : names.1).split(separator: " ").map(String.init)
    }

    // MARK: Times and dates

    /// "7:30", "19:05", "7:30pm", "7pm".
    private static func time(_ core: String, _ next: String) -> [String]? {
        let lower = core.lowercased().replacing(".", with: "")
        let half = ["am", "pm"].first(where: lower.hasSuffix)
        let clock = half == nil ? Substring(lower) : lower.dropLast(2)
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, (1...3).contains(parts.count), parts.count > 1 || half != nil,
            (0...24).contains(numbers[0]), numbers.dropFirst().allSatisfy({ (0...59).contains($0) }),
            parts.dropFirst().allSatisfy({ $0.count == 2 })
        else { return nil }
        let isHalfDay = half != nil || ["am", "pm", "AM", "PM", "a.m", "p.m"].contains(next)
        var words = NumberWords.cardinal(numbers[0]) + minutes(numbers, isHalfDay)
        if numbers.count > 2 { words += ["and"] + NumberWords.cardinal(numbers[2]) + ["seconds"] }
        return words + (half.map { $0.map { $0.uppercased() } } ?? [])
    }

    /// What is said between the hour and the seconds.
    private static func minutes(_ numbers: [Int], _ isHalfDay: Bool) -> [String] {
        guard numbers.count > 1 else { return [] }
        switch numbers[1] {
        case 0 where isHalfDay: return []
        case 0: return numbers[0] <= 12 ? ["o'clock"] : ["hundred", "hours"]
        case 1...9: return ["oh"] + NumberWords.cardinal(numbers[1])
        default: return NumberWords.cardinal(numbers[1])
        }
    }

    private static func isoDate(_ core: String) -> [String]? {
        let parts = core.split(separator: "-").map { ($0.count, Int($0)) }
        guard parts.count == 3, parts[0].0 == 4, parts[1].0 == 2, parts[2].0 == 2, let year = parts[0].1,
            let month = parts[1].1, let day = parts[2].1
        else { return nil }
        return date(year: year, month: month, day: day)
    }

    /// "3/14/2024" (month first), "1/2", "24/7", "2 1/2".
    private static func slashes(_ core: String, _ previous: String) -> [String]? {
        let parts = core.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count >= 2, parts.count <= 3, core.allSatisfy({ $0.isASCIIDigit || $0 == "/" }),
            let first = parts[0], let second = parts[1]
        else { return nil }
        if parts.count == 3 {
            guard let third = parts[2] else { return nil }
            let year = third < 100 ? third + (third > 50 ? 1900 : 2000) : third
            return first <= 12
                ? date(year: year, month: first, day: second) : date(year: year, month: second, day: first)
        }
        guard let words = fraction(first, second) else {
            return NumberWords.cardinal(first) + NumberWords.cardinal(second)
        }
        return previous.isWholeNumber ? ["and"] + words : words
    }

    private static func date(year: Int, month: Int, day: Int) -> [String]? {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        return [Abbreviations.months[month - 1]] + NumberWords.ordinal(day) + NumberWords.year(year)
    }

    private static func fraction(_ top: Int, _ bottom: Int) -> [String]? {
        guard top > 0, top < bottom, (2...10).contains(bottom) || [12, 16, 32, 64, 100].contains(bottom) else {
            return nil
        }
        let one = bottom == 2 ? "half" : bottom == 4 ? "quarter" : NumberWords.ordinal(bottom).joined(separator: " ")
        let name = top == 1 ? one : bottom == 2 ? "halves" : one + "s"
        return NumberWords.cardinal(top) + [name]
    }

    /// The day in "March 3" and "3 March".
    private static func dayOfMonth(_ core: String, _ previous: String, _ next: String) -> [String]? {
        guard core.count <= 2, let day = Int(core), (1...31).contains(day) else { return nil }
        if isMonth(previous) { return NumberWords.ordinal(day) }
        guard isMonth(next) else { return nil }
        return (previous.lowercased() == "the" ? [] : ["the"]) + NumberWords.ordinal(day) + ["of"]
    }

    private static func isMonth(_ word: String) -> Bool {
        word.first?.isUppercase == true && Abbreviations.monthPrefixes.contains(word.lowercased())
    }

    private static func year(_ core: String, _ previous: String, _ next: String) -> [String]? {
        guard core.count == 4, core.allSatisfy(\.isASCIIDigit), let year = Int(core), (1100...2099).contains(year),
            Abbreviations.units[next] == nil
        else { return nil }
        return NumberWords.year(year)
    }

    /// "1990s", "'90s", "80s".
    private static func decade(_ core: String) -> [String]? {
        let digits = core.filter(\.isASCIIDigit)
        guard core.hasSuffix("s"), digits.hasSuffix("0"), [2, 4].contains(digits.count), let number = Int(digits),
            core.replacing("'", with: "").replacing("’", with: "") == digits + "s"
        else { return nil }
        var words = NumberWords.year(number)
        guard let last = words.popLast() else { return nil }
        return words + [last.hasSuffix("y") ? last.dropLast() + "ies" : last + "s"]
    }

    // MARK: Other

    private static func ordinal(_ core: String) -> [String]? {
        let ending = core.suffix(2).lowercased()
        let digits = core.dropLast(2).filter { $0 != "," }
        guard ["st", "nd", "rd", "th"].contains(ending), !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else {
            return nil
        }
        return Int(digits).map(NumberWords.ordinal)
    }
}
