import Testing

@testable import SpeechEngines

@Suite("How the words of a turn end")
struct TranscriptEndingTests {
    @Test(
        "What the last word leaves open",
        arguments: [
            ("I want two large coffees and", TranscriptEnding.Need.certain), ("Turn off the lights in the", .certain),
            ("So I was thinking, um...", .certain), ("It is, you know,", .certain),
            ("I'd like to book a table for", .likely),
            ("The problem with the printer is", .likely), ("So maybe we", .likely), ("I would like to book", .object),
            ("What is the capital of Australia?", .nothing), ("My name is Anna.", .nothing), ("", .nothing),
        ])
    func need(text: String, need: TranscriptEnding.Need) {
        #expect(TranscriptEnding(text).need == need)
    }

    @Test(
        "The mark after the last word",
        arguments: [
            ("What is it?", TranscriptEnding.Mark.question), ("That is all. ", .full), ("Stop!", .full),
            ("If so,", .comma),
            ("I mean...", .trailing), ("I mean —", .trailing), ("seven four one", .none),
        ])
    func mark(text: String, mark: TranscriptEnding.Mark) {
        #expect(TranscriptEnding(text).mark == mark)
    }

    @Test(
        "Thanks, farewells and short answers are told from the rest",
        arguments: ["Thank you.", "Well, goodbye!", "Yes."])
    func farewell(text: String) {
        #expect(TranscriptEnding(text).isFarewell)
        #expect(!TranscriptEnding(text + " But the").isFarewell)
    }
}
