import Testing

@testable import SessionEngine

@Suite("Clauses")
struct ClauseSplitterTests {
    /// Everything a text is cut into, given in pieces of some characters.
    private func clauses(of text: String, piece: Int) -> [String] {
        var splitter = ClauseSplitter()
        var clauses: [String] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            clauses += splitter.append(String(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        return clauses + [splitter.finish()].compactMap(\.self)
    }

    @Test(
        "A text is cut where a speaker would pause",
        arguments: [
            ("Hello.", ["Hello."]),
            ("Well, of course, I can. Sure.", ["Well, of course,", " I can. Sure."]),
            ("No! That is not what I meant to say. Never.", ["No!", " That is not what I meant to say.", " Never."]),
            ("It costs 3.50 dollars. Dr. Smith paid.", ["It costs 3.50 dollars.", " Dr. Smith paid."]),
            ("He said \"stop.\" Then he left the house.", ["He said \"stop.\"", " Then he left the house."]),
            ("1. Wash the rice. It was 2. Then", ["1. Wash the rice.", " It was 2. Then"]),
            ("First line\nSecond line", ["First line\n", "Second line"]),
            ("你好。今天天气很好。", ["你好。", "今天天气很好。"]),
            ("  padded  ", ["padded"]),
            ("   ", []),
        ])
    func cuts(_ text: String, _ expected: [String]) {
        #expect(clauses(of: text, piece: text.count) == expected)
    }

    @Test("How the tokens fall makes no difference", arguments: [1, 2, 3, 7])
    func pieces(_ piece: Int) {
        let text = "Well, of course, I can tell you. Dr. Smith (he is 3.5 years old) said: \"No!\" And then? Nothing…"
        #expect(clauses(of: text, piece: piece) == clauses(of: text, piece: text.count))
    }

    @Test("Nothing is lost: the clauses together are the text")
    func whole() {
        let text = "One, two. Three! " + String(repeating: "a word after a word ", count: 40) + "end"
        #expect(clauses(of: text, piece: 5).joined() == text)
    }

    @Test("Without punctuation a clause still ends, at a space")
    func bounded() {
        let clauses = clauses(of: String(repeating: "word ", count: 200), piece: 5)
        #expect(clauses.allSatisfy { $0.count <= 240 })
        #expect(clauses.dropLast().allSatisfy { $0.hasSuffix("word") })
    }
}
