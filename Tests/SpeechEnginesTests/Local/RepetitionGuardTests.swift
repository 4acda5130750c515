import Testing

@testable import SpeechEngines

@Suite("An answer that repeats itself")
struct RepetitionGuardTests {
    @Test(
        "A sentence said before ends the answer, however it is cut into pieces and written",
        arguments: [
            ("The sky is very blue. The sky is very blue. The sky", "The sky is very blue."),
            ("I can help you. What is it? I can help you! More.", "I can help you. What is it?"),
            ("One two three four\nOne, two, three four\n", "One two three four"),
            ("The sky is very blue. The sky is very blue", "The sky is very blue."),
        ], [1, 4, 1000])
    func repeated(example: (text: String, said: String), length: Int) {
        let (said, isStuck) = outcome(of: example.text, length)
        #expect(said.trimmed == example.said)
        #expect(isStuck || !example.text.hasSuffix("."))
    }

    @Test(
        "What only begins alike, or is short, is said in full",
        arguments: [
            "The sky is very blue. The sky is very wide.", "Yes, yes. Yes, yes.", "It is 3.14, or 3.14159 exactly.",
            "The sky is very blue. The sky is very", "", " \n",
        ], [1, 4, 1000])
    func different(text: String, length: Int) {
        #expect(outcome(of: text, length) == (text, false))
    }

    @Test("Nothing is held back that begins like nothing said before")
    func atOnce() {
        var repetition = RepetitionGuard()
        #expect(repetition.feed("The sky is") == "The sky is")
        #expect(repetition.feed(" very blue. The s") == " very blue.")
        #expect(repetition.feed("un") == " The sun")
    }

    private func outcome(of text: String, _ length: Int) -> (said: String, isStuck: Bool) {
        var repetition = RepetitionGuard()
        var said = ""
        var rest = Substring(text)
        while !rest.isEmpty {
            said += repetition.feed(String(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        said += repetition.finish()
        return (said, repetition.isStuck)
    }
}
