/// A Roman numeral of two letters or more after a capitalised word: "World War II", "Henry VIII".
struct RomanNumeral {
    let words: [String]

    init?(_ core: String, after previous: String) {
        guard core.count > 1, previous.first?.isUppercase == true, previous.contains(where: \.isLowercase),
            let value = Self.value(of: core)
        else { return nil }
        words = Self.rulers.contains(previous) ? ["the"] + NumberWords.ordinal(value) : NumberWords.cardinal(value)
    }

    /// Names that kings, queens and popes bear: their numerals are ordinals.
    private static let rulers: Set = [
        "Henry", "Louis", "Elizabeth", "Charles", "George", "Edward", "James", "William", "Richard", "John", "Paul",
        "Pius", "Benedict", "Francis", "Philip", "Catherine", "Napoleon", "Nicholas", "Alexander", "Frederick", "Leo",
        "Gregory", "Peter", "Mary", "Ramses",
    ]

    /// 2 to 39, written in the one right way.
    private static func value(of text: String) -> Int? {
        let tens = text.prefix { $0 == "X" }
        let units = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
        guard tens.count <= 3 else { return nil }
        return units.firstIndex(of: String(text[tens.endIndex...])).map { tens.count * 10 + $0 }
    }
}
