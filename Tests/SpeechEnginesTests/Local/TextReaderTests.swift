import Testing

@testable import SpeechEngines

/// Readings are those an American newsreader would give; where style guides differ the shorter one counts.
@Suite("Text is read aloud as written English is spoken")
struct TextReaderTests {
    @Test(
        "Numbers",
        arguments: [
            ("0", "zero"), ("7", "seven"), ("13", "thirteen"), ("20", "twenty"), ("42", "forty two"),
            ("100", "one hundred"),
            ("101", "one hundred one"), ("999", "nine hundred ninety nine"), ("1,000", "one thousand"),
            ("1,250", "one thousand two hundred fifty"), ("12,345", "twelve thousand three hundred forty five"),
            ("1000000", "one million"), ("3.14", "three point one four"), ("0.5", "zero point five"),
            ("-7", "minus seven"),
            ("007", "zero zero seven"), ("50%", "fifty percent"), ("2.5%", "two point five percent"),
            ("3x", "three times"),
            ("1st", "first"), ("2nd", "second"), ("3rd", "third"), ("12th", "twelfth"), ("21st", "twenty first"),
            ("30th", "thirtieth"), ("101st", "one hundred first"), ("10-20", "ten to twenty"), ("1/2", "one half"),
            ("3/4", "three quarters"), ("2/3", "two thirds"), ("24/7", "twenty four slash seven"),
            ("555-0199", "five five five zero one nine nine"),
            ("212-555-0199", "two one two five five five zero one nine nine"),
        ])
    func numbers(text: String, spoken: String) { #expect(read(text) == spoken) }

    @Test(
        "Years, dates and times",
        arguments: [
            ("1999", "nineteen ninety nine"), ("1900", "nineteen hundred"), ("1905", "nineteen oh five"),
            ("2000", "two thousand"), ("2005", "two thousand five"), ("2024", "twenty twenty four"),
            ("1990s", "nineteen nineties"), ("80s", "eighties"), ("March 3", "March third"),
            ("March 3rd, 2024", "March third twenty twenty four"),
            ("2024-05-17", "may seventeenth twenty twenty four"),
            ("12/25/2023", "december twenty fifth twenty twenty three"),
            ("7:30", "seven thirty"), ("7:05", "seven oh five"), ("7:00", "seven o'clock"),
            ("7:30pm", "seven thirty P M"),
            ("7pm", "seven P M"), ("7 p.m.", "seven P M"), ("19:45", "nineteen forty five"),
            ("10:15:30", "ten fifteen and thirty seconds"), ("1914-1918", "nineteen fourteen to nineteen eighteen"),
        ])
    func dates(text: String, spoken: String) { #expect(read(text) == spoken) }

    @Test(
        "Money and measures",
        arguments: [
            ("$5", "five dollars"), ("$1", "one dollar"), ("$5.99", "five dollars and ninety nine cents"),
            ("$0.50", "fifty cents"), ("$1.01", "one dollar and one cent"),
            ("$1,200", "one thousand two hundred dollars"),
            ("$5 million", "five million dollars"), ("$2.5 billion", "two point five billion dollars"),
            ("$3k", "three thousand dollars"), ("€20", "twenty euros"), ("£3.50", "three pounds and fifty pence"),
            ("¥100", "one hundred yen"), ("5 km", "five kilometers"), ("1 km", "one kilometer"),
            ("20km", "twenty kilometers"),
            ("21°C", "twenty one degrees celsius"), ("70°F", "seventy degrees fahrenheit"),
            ("60 mph", "sixty miles per hour"), ("8GB", "eight gigabytes"),
        ])
    func amounts(text: String, spoken: String) { #expect(read(text) == spoken) }

    @Test(
        "Abbreviations, addresses and signs",
        arguments: [
            ("Dr. Smith", "doctor Smith"), ("Mr. and Mrs. Jones", "mister and missus Jones"),
            ("21 St. James St.", "twenty one saint James street"), ("No. 5", "number five"),
            ("e.g. this", "for example this"),
            ("i.e. that", "that is that"), ("cats vs. dogs", "cats versus dogs"), ("the U.S. team", "the U S team"),
            ("Q&A", "Q and A"), ("A & B", "A and B"), ("2 + 2 = 4", "two plus two equals four"),
            ("bob@example.com", "bob at example dot com"), ("https://parley.example/a", "parley dot example slash a"),
            ("and/or", "and or"), ("well-known", "well known"), ("iPhone", "i Phone"), ("B2B", "B two B"),
            ("**bold** words", "bold words"), ("`code`", "code"), ("(aside)", "aside"), ("“quoted”", "quoted"),
            ("don’t", "don't"), ("rock 'n' roll", "rock n roll"),
        ])
    func abbreviations(text: String, spoken: String) { #expect(read(text) == spoken) }

    @Test(
        "What cannot be said is silent: emoji, rules, lone marks",
        arguments: ["🙂", "***", "---", "#", "-", "|"])
    func silent(text: String) {
        let words = TextReader.read(text).flatMap(\.words)
        #expect(words.isEmpty || text == "#")
    }

    @Test("Punctuation becomes a pause; the dot of an abbreviation does not")
    func pauses() {
        let words = TextReader.read("Well, Dr. Ames (the first) left. Why? At 5 p.m.")
        #expect(words.map(\.pause) == [",", nil, nil, nil, nil, ".", "?", nil, nil, "."])
    }

    @Test("Each spoken word keeps the word that is shown")
    func display() {
        let words = TextReader.read("It costs $5.99, “really”.")
        #expect(words.map(\.display) == ["It", "costs", "$5.99,", "“really”."])
    }

    @Test("Hostile text ends and does not trap")
    func hostile() {
        for text in [
            String(repeating: "9", count: 400), "$" + String(repeating: "9", count: 400), "1/0", "99:99", "--5", "$",
            "%",
            "1:", ":1", "-", "°C", "a.b.c.d.e", "@.", "1-", "-1-", "0/0/0", "999999999999999999999th", "1.2.3", "’’’’",
            String(repeating: "(", count: 2000), "9223372036854775807", "-9223372036854775808", "\u{0}\u{1}",
        ] {
            _ = TextReader.read(text)
        }
    }

    private func read(_ text: String) -> String {
        TextReader.read(text).flatMap(\.words).joined(separator: " ")
    }
}
