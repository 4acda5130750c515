/// How a word with digits in it is read; `words` is nil for what is no number, date, time or amount.
struct NumberReading {
    let words: [String]?

    init(_ core: String, after previous: String, before next: String) {
        let readers: [() -> [String]?] = [
            { Self.money(core, next) },
            { Self.time(core) },
            { Self.isoDate(core) },
            { Self.slashes(core) },
            { Self.phone(core) },
            { Self.range(core) },
            { Self.ordinal(core) },
            { Self.decade(core) },
            { Self.year(core, previous, next) },
            { Self.dayOfMonth(core, previous) },
            { Self.quantity(core) },
            { NumberWords.decimal(core) },
        ]
        words = readers.lazy.compactMap { $0() }.first
    }

    // MARK: Amounts

    private static func money(_ core: String, _ next: String) -> [String]? {
        let minus = core.first == "-" ? ["minus"] : []
        let text = core.drop { $0 == "-" }
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
        let parts = number.replacing(",", with: "").split(separator: ".")
        guard parts.count == 2, parts[1].count == 2, let cents = Int(parts[1]), let whole = Int(parts[0]) else {
            return minus + words + [number == "1" ? names.0 : names.1]
        }
        let coins = cents == 0 ? [] : NumberWords.cardinal(cents) + [cents == 1 ? names.2 : names.3]
        if whole == 0 && cents > 0 { return minus + coins }
        let notes = NumberWords.cardinal(whole) + [whole == 1 ? names.0 : names.1]
        return minus + notes + (coins.isEmpty ? [] : ["and"] + coins)
    }

    /// "20km", "50%", "21°C", "3x".
    private static func quantity(_ core: String) -> [String]? {
        let number = core.prefix { $0.isASCIIDigit || $0 == "," || $0 == "." || $0 == "-" || $0 == "+" }
        guard let names = Abbreviations.units[String(core[number.endIndex...])],
            let words = NumberWords.decimal(number)
        else { return nil }
        return words + (number == "1" ? names.0 : names.1).split(separator: " ").map(String.init)
    }

    // MARK: Times and dates

    /// "7:30", "19:05", "7:30pm", "7pm".
    private static func time(_ core: String) -> [String]? {
        let lower = core.lowercased().replacing(".", with: "")
        let half = ["am", "pm"].first(where: lower.hasSuffix)
        let clock = half == nil ? Substring(lower) : lower.dropLast(2)
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, (1...3).contains(parts.count), parts.count > 1 || half != nil,
            (0...24).contains(numbers[0]), numbers.dropFirst().allSatisfy({ (0...59).contains($0) }),
            parts.dropFirst().allSatisfy({ $0.count == 2 })
        else { return nil }
        var words = NumberWords.cardinal(numbers[0])
        if numbers.count > 1 {
            switch numbers[1] {
            case 0: words += half == nil ? (numbers[0] <= 12 ? ["o'clock"] : ["hundred", "hours"]) : []
            case 1...9: words += ["oh"] + NumberWords.cardinal(numbers[1])
            default: words += NumberWords.cardinal(numbers[1])
            }
        }
        if numbers.count > 2 { words += ["and"] + NumberWords.cardinal(numbers[2]) + ["seconds"] }
        return words + (half.map { $0.map { $0.uppercased() } } ?? [])
    }

    private static func isoDate(_ core: String) -> [String]? {
        let parts = core.split(separator: "-").map { ($0.count, Int($0)) }
        guard parts.count == 3, parts[0].0 == 4, parts[1].0 == 2, parts[2].0 == 2, let year = parts[0].1,
            let month = parts[1].1, let day = parts[2].1
        else { return nil }
        return date(year: year, month: month, day: day)
    }

    /// "3/14/2024" (month first), "1/2", "24/7".
    private static func slashes(_ core: String) -> [String]? {
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
        return fraction(first, second) ?? NumberWords.cardinal(first) + ["slash"] + NumberWords.cardinal(second)
    }

    private static func date(year: Int, month: Int, day: Int) -> [String]? {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        return [Abbreviations.months[month - 1]] + NumberWords.ordinal(day) + NumberWords.year(year)
    }

    private static func fraction(_ top: Int, _ bottom: Int) -> [String]? {
        guard top > 0, top < bottom, (2...10).contains(bottom) else { return nil }
        let one = bottom == 2 ? "half" : bottom == 4 ? "quarter" : NumberWords.ordinal(bottom).joined(separator: " ")
        let name = top == 1 ? one : bottom == 2 ? "halves" : one + "s"
        return NumberWords.cardinal(top) + [name]
    }

    /// The day in "March 3".
    private static func dayOfMonth(_ core: String, _ previous: String) -> [String]? {
        guard Abbreviations.monthPrefixes.contains(previous.lowercased()), let day = Int(core), (1...31).contains(day)
        else { return nil }
        return NumberWords.ordinal(day)
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

    /// "555-0199", "212-555-0199".
    private static func phone(_ core: String) -> [String]? {
        let parts = core.split(separator: "-", omittingEmptySubsequences: false)
        guard core.allSatisfy({ $0.isASCIIDigit || $0 == "-" }), [[3, 4], [3, 3, 4]].contains(parts.map(\.count)) else {
            return nil
        }
        return parts.flatMap(NumberWords.digits)
    }

    /// "10-20", "1990–2000".
    private static func range(_ core: String) -> [String]? {
        let parts = core.split(whereSeparator: { "-–—".contains($0) })
        guard parts.count == 2, core.first != "-", parts.allSatisfy({ $0.allSatisfy { $0.isASCIIDigit || $0 == "." } })
        else { return nil }
        let words = parts.map { part in
            part.count == 4 ? Int(part).map(NumberWords.year) : NumberWords.decimal(part)
        }
        guard let from = words[0], let to = words[1] else { return nil }
        return from + ["to"] + to
    }
}
