import Testing

@testable import SessionEngine

@Suite("Words of a growing turn")
struct AgreedWordsTests {
    @Test("Told are the words two recognitions agree on, but for the last, each once")
    func agreement() {
        var words = AgreedWords()
        let told = [
            "I", "I would", "I would like.", "I would like to go to", "I would, like to go to town",
            "I would, like to go to town by",
            "I would like to go to town by bus",
        ].map { words.hear($0) }
        #expect(told == ["", "", "I", " would", "", "", ""])
        #expect(words.told == "I would")
    }

    @Test(
        "A transcript begins with what was told, and goes on with the words after those that correspond",
        arguments: [
            ("I would like tea.", "I would", "I would like tea."),
            ("I wouldn't", "I would", "I wouldn't"),
            ("Oh, think that: he is right.", "I think that", "I think that he is right."),
            ("I'd like to go, to Bristol.", "I would like to go", "I would like to go to Bristol."),
            ("To Bristol", "To Bristol and", "To Bristol and"),
            ("", "Well", "Well"),
            ("Tea.", "", "Tea."),
            ("What time is it?", "What time ", "What time is it?"),
            ("which time is it?", "What time ", "What time is it?"),
        ])
    func transcript(_ text: String, _ told: String, _ expected: String) {
        #expect(AgreedWords.transcript(text, after: told) == expected)
    }
}
