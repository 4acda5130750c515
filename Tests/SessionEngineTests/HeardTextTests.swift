import RealtimeProtocol
import Testing

@testable import SessionEngine

@Suite("What was heard of a text")
struct HeardTextTests {
    private let words = [
        WordTiming(text: "One", startMs: 0, endMs: 200), WordTiming(text: "two", startMs: 220, endMs: 400),
        WordTiming(text: "three", startMs: 400, endMs: 700),
    ]

    @Test(
        "A word counts once it was heard to its end, with the punctuation that hangs on it",
        arguments: [(0, ""), (199, ""), (200, "One,"), (399, "One,"), (400, "One, two;"), (700, "One, two; three!")])
    func byWords(ms: Int, expected: String) {
        #expect(HeardText.prefix(of: "One, two; three!", words: words, ms: ms) == expected)
    }

    @Test("Words that are not those of the text give no answer")
    func otherWords() {
        #expect(HeardText.prefix(of: "1, 2; 3!", words: words, ms: 400) == nil)
        #expect(HeardText.prefix(of: "One", words: [], ms: 400) == nil)
    }

    @Test(
        "Without word times a text is cut in proportion, at a word",
        arguments: [(0.0, ""), (0.2, ""), (0.5, "One"), (0.6, "One two"), (0.99, "One two"), (1.0, "One two three")])
    func byFraction(fraction: Double, expected: String) {
        #expect(HeardText.prefix(of: "One two three", fraction: fraction) == expected)
    }
}
