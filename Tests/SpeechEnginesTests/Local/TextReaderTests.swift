import Testing

@testable import SpeechEngines

/// Readings themselves are in `TextFrontEndTests`.
@Suite("Text becomes spoken words")
struct TextReaderTests {
    @Test(
        "What cannot be said is silent: emoji, rules, lone marks",
        arguments: ["🙂", "***", "---", "#", "##", "-", "|"])
    func silent(text: String) {
        #expect(TextReader.read(text).flatMap(\.words).isEmpty)
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
            String(repeating: "(", count: 2000), "](", "![", "<a", "<3", "</", "$-$", "v", "v.", "½", "x½", "#", "~",
            "'s", "1's",
            String(repeating: "1-", count: 2000), "US$", "US$US$US$", "-–-", "1x", "x1", "6'", "+-.-", "XXXX", "A /",
            "//", "9223372036854775807", "-9223372036854775808", "\u{0}\u{1}",
        ] {
            _ = TextReader.read(text)
        }
    }
}
