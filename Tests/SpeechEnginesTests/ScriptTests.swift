import RealtimeProtocol
import SpeechEngines
import Testing

@Suite("Script file") struct ScriptTests {
    @Test("Every field of a file is read")
    func whole() throws {
        let script = try Script(
            parsing: Array(
                #"""
                {"limits": {"context_tokens": 900, "max_output_tokens": 90},
                 "timing": {"recogniser_ms": 1, "first_token_ms": 2, "token_ms": 3, "word_ms": 40},
                 "hears": ["one", {"fail": {"code": "c", "message": "m"}}],
                 "rules": [
                   {"when": {"user": "/a+/", "tool_output": "f", "instructions": "Be"}, "reply": [
                     {"say": "text"}, {"call": "f", "arguments": {"x": 1}}, {"message_end": true},
                     {"fail": {"code": "c", "message": "m"}}, {"stop": "content_filter"}]},
                   {"reply": []}]}
                """#.utf8))
        #expect(script.limits == Script.Limits(contextTokens: 900, maxOutputTokens: 90))
        #expect(script.timing == Script.Timing(recogniserMs: 1, firstTokenMs: 2, tokenMs: 3, wordMs: 40))
        #expect(script.hears == [.transcript("one"), .fail(code: "c", message: "m")])
        #expect(
            script.rules == [
                Script.Rule(
                    when: Script.Condition(
                        user: TextPattern("/a+/"), toolOutput: "f", instructions: TextPattern("Be")),
                    reply: [
                        .say("text"), .call(name: "f", arguments: JSONObject([("x", .integer(1))])), .messageEnd,
                        .fail(code: "c", message: "m"), .stop(.contentFilter),
                    ]),
                Script.Rule(reply: []),
            ])
    }

    @Test(
        "A mistake is named by the path of its field",
        arguments: [
            (#"{"rule": []}"#, "script.rule"),
            (#"{"timing": {"word_ms": 5}}"#, "script.timing.word_ms"),
            (#"{"timing": {"words_ms": 5}}"#, "script.timing.words_ms"),
            (#"{"hears": [1]}"#, "script.hears[0]"),
            (#"{"hears": [{"fail": {"code": "c"}}]}"#, "script.hears[0].fail.message"),
            (#"{"rules": [{"when": {}}]}"#, "script.rules[0].reply"),
            (#"{"rules": [{"reply": [{"says": "x"}]}]}"#, "script.rules[0].reply[0]"),
            (#"{"rules": [{"when": {"user": "/(/"}, "reply": []}]}"#, "script.rules[0].when.user"),
            (#"{"rules": [{"reply": [{"stop": "tired"}]}]}"#, "script.rules[0].reply[0].stop"),
            (#"{"limits": {"context_tokens": 100, "max_output_tokens": 101}}"#, "script.limits.max_output_tokens"),
        ])
    func mistakes(_ text: String, _ path: String) {
        let error = #expect(throws: ProtocolError.self) { try Script(parsing: Array(text.utf8)) }
        #expect(error?.param == path)
    }

    @Test("A file that is no JSON is refused")
    func notJSON() {
        #expect(throws: ProtocolError.self) { try Script(parsing: Array("{".utf8)) }
    }

    @Test("A pattern is found whatever its letter case, and an expression in slashes is one")
    func patterns() {
        #expect(TextPattern("Weather")?.matches("the WEATHER today") == true)
        #expect(TextPattern("a.c")?.matches("abc") == false)
        #expect(TextPattern("/^a.C$/")?.matches("abc") == true)
        #expect(TextPattern("/[/") == nil)
    }
}
