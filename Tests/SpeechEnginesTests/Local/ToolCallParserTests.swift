import SessionEngine
import Testing

@testable import SpeechEngines

@Suite("Function calls in what a small model says")
struct ToolCallParserTests {
    private static let call: [ModelOutput] = [
        .functionCall(nil, name: "get_weather"), .arguments(#"{"location":"Lisbon"}"#), .functionCallEnd,
    ]
    private static let json = #"{"name": "get_weather", "arguments": {"location": "Lisbon"}}"#

    @Test(
        "A call is found however it is wrapped and cut into pieces",
        arguments: [
            "<tool_call>\n\(json)\n</tool_call>", "<tool_call>\(json)", json, "```json\n\(json)\n```",
            "```\n\(json)\n```",
            "\n\n\(json)", #"{"type": "function", "function": \#(json)}"#,
            #"{"name": "get_weather", "parameters": {"location": "Lisbon"}}"#,
            #"{"name": "get_weather", "arguments": "{\"location\":\"Lisbon\"}"}"#,
        ], [1, 3, 1000])
    func wrapped(text: String, pieceLength: Int) {
        #expect(outputs(text, pieceLength) == Self.call)
    }

    @Test("Text before a call is said, and a second call is found", arguments: [1, 5, 1000])
    func textAndTwoCalls(pieceLength: Int) {
        let text = "Let me look.\n<tool_call>\(Self.json)</tool_call>\n<tool_call>\(Self.json)</tool_call>"
        let found = outputs(text, pieceLength)
        #expect(joined(found) == "Let me look.")
        #expect(found.filter { if case .text = $0 { false } else { true } } == Self.call + Self.call)
    }

    @Test("What follows a call is not said: it is made up", arguments: [1, 1000])
    func madeUp(pieceLength: Int) {
        #expect(outputs("\(Self.json)\nIt is rainy in Lisbon.", pieceLength) == Self.call)
    }

    @Test(
        "Plain text passes unchanged",
        arguments: ["Hello there.", "2 < 3 and 4 > 1", "Use {braces} freely.", "<b>no</b>"])
    func plain(text: String) {
        #expect(joined(outputs(text, 1)) == text)
    }

    @Test("Without functions everything is text at once")
    func noTools() {
        var parser = ToolCallParser(tools: [])
        #expect(parser.feed(Self.json) == [.text(Self.json)])
    }

    @Test("A call that is broken or of an unknown function is dropped, an object that is no call is text")
    func broken() {
        #expect(outputs(#"{"name": "rm", "arguments": {}}"#, 1) == [])
        #expect(outputs("<tool_call>{\"name\": ", 1) == [])
        #expect(outputs(#"<tool_call>{"name": "rm", "arguments": {}}</tool_call>"#, 1) == [])
        #expect(joined(outputs(#"{"answer": 42}"#, 1)) == #"{"answer": 42}"#)
    }

    @Test(
        "An answer is wasted when all it had is a call that cannot be made",
        arguments: [
            (#"{"name": "rm", "arguments": {}}"#, true), ("<tool_call>{\"na", true), ("Hello.", false), (json, false),
            (#"Well. <tool_call>{"name": "rm"}</tool_call>"#, false), ("", false),
        ])
    func wasted(text: String, isWasted: Bool) {
        var parser = ToolCallParser(tools: ["get_weather"])
        _ = parser.feed(text)
        _ = parser.finish()
        #expect(parser.isWasted == isWasted)
    }

    @Test("Characters come whole, whichever way their bytes are cut")
    func utf8() {
        let text = "naïve — 🙂 日本"
        for length in 1...5 {
            var assembler = UTF8Assembler()
            let bytes = Array(text.utf8)
            var result = ""
            for start in stride(from: 0, to: bytes.count, by: length) {
                result += assembler.feed(Array(bytes[start..<min(start + length, bytes.count)]))
            }
            #expect(result == text)
        }
    }

    private func outputs(_ text: String, _ pieceLength: Int) -> [ModelOutput] {
        var parser = ToolCallParser(tools: ["get_weather"])
        var outputs: [ModelOutput] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            outputs += parser.feed(String(rest.prefix(pieceLength)))
            rest = rest.dropFirst(pieceLength)
        }
        return outputs + parser.finish()
    }

    private func joined(_ outputs: [ModelOutput]) -> String {
        outputs.reduce(into: "") { text, output in
            if case .text(let piece) = output { text += piece }
        }.trimmed
    }
}
