import RealtimeProtocol
import Testing

/// The errors that the contract names, with code, field and the client's own id.
@Suite("Documented errors")
struct DocumentedErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var event: String
        var code: String
        var param: String?
        var says: String = ""
        var eventID: String? = "e1"
        var testDescription: String { event }
    }

    private static func item(_ item: String, param: String, says: String = "", code: String = "invalid_value") -> Case {
        Case(
            event: #"{"type":"conversation.item.create","event_id":"e1","item":\#(item)}"#, code: code, param: param,
            says: says)
    }

    private static func content(_ role: String, _ part: String, param: String, says: String) -> Case {
        item(
            #"{"type":"message","role":"\#(role)","content":[\#(part)]}"#, param: "item.content[0].\(param)", says: says
        )
    }

    private static func response(
        _ response: String, param: String, says: String = "", code: String = "invalid_value"
    ) -> Case {
        Case(
            event: #"{"type":"response.create","event_id":"e1","response":\#(response)}"#, code: code,
            param: param, says: says)
    }

    private static let long = String(repeating: "x", count: 65)

    static let envelope: [Case] = [
        Case(event: "", code: "invalid_json", eventID: nil), Case(event: "{", code: "invalid_json", eventID: nil),
        Case(event: "[]", code: "invalid_event", eventID: nil), Case(event: "1", code: "invalid_event", eventID: nil),
        Case(event: #"{"event_id":"e1"}"#, code: "missing_required_parameter", param: "type"),
        Case(event: #"{"event_id":"e1","type":null}"#, code: "missing_required_parameter", param: "type"),
        Case(
            event: #"{"event_id":"e1","type":"response.commit"}"#, code: "invalid_value", param: "type",
            says: "'session.update', 'input_audio_buffer.append'"),
        Case(
            event: #"{"event_id":"e1","type":"transcription_session.update","session":{}}"#, code: "invalid_value",
            param: "type"),
        Case(
            event: #"{"event_id":7,"type":"response.create"}"#, code: "invalid_value", param: "event_id", eventID: nil),
        Case(
            event: #"{"event_id":"\#(String(repeating: long, count: 8))","type":"response.create"}"#,
            code: "invalid_value", param: "event_id", eventID: nil),
        Case(
            event: #"{"type":"session.update","event_id":"e1"}"#, code: "missing_required_parameter", param: "session"),
        Case(
            event: #"{"type":"conversation.item.retrieve","event_id":"e1","item_id":"\#(long)"}"#,
            code: "invalid_value", param: "item_id", says: "1 to 64"),
    ]

    static let items: [Case] = [
        item("{}", param: "item.type", code: "missing_required_parameter"),
        item(
            #"{"type":"mcp_approval_response"}"#, param: "item.approval_request_id",
            code: "missing_required_parameter"),
        item(
            #"{"type":"mcp_approval_response","approval_request_id":"a"}"#, param: "item.approve",
            code: "missing_required_parameter"),
        item(#"{"type":"mcp_call"}"#, param: "item.type", says: "server"),
        item(#"{"type":"image"}"#, param: "item.type", says: "'function_call_output'"),
        item(#"{"id":"\#(long)","type":"message","role":"user","content":[]}"#, param: "item.id", says: "64"),
        item(#"{"id":"","type":"message","role":"user","content":[]}"#, param: "item.id"),
        content("user", #"{"type":"output_text","text":"x"}"#, param: "type", says: "'input_image'"),
        content("system", #"{"type":"input_audio","audio":""}"#, param: "type", says: "'input_text'"),
        content("assistant", #"{"type":"output_audio","audio":""}"#, param: "type", says: "cannot be created"),
        content("user", #"{"type":"input_audio","audio":"A"}"#, param: "audio", says: "base64"),
        content(
            "user", #"{"type":"input_image","image_url":"https://example.com/a.png"}"#, param: "image_url",
            says: "data URI"),
        content(
            "user", #"{"type":"input_image","image_url":"data:image/gif;base64,AAAA"}"#, param: "image_url", says: "png"
        ),
        content(
            "user", #"{"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"full"}"#,
            param: "detail", says: "'auto', 'low', 'high'"),
    ]

    static let responses: [Case] = [
        response(#"{"conversation":"conv_1"}"#, param: "response.conversation", says: "'auto', 'none'"),
        response(#"{"output_modalities":["audio","text"]}"#, param: "response.output_modalities"),
        response(#"{"output_modalities":[]}"#, param: "response.output_modalities"),
        response(#"{"max_output_tokens":0}"#, param: "response.max_output_tokens", says: "from 1 to 4096"),
        response(#"{"max_output_tokens":4097}"#, param: "response.max_output_tokens"),
        response(#"{"max_output_tokens":"all"}"#, param: "response.max_output_tokens", says: "\"inf\""),
        response(#"{"prompt":{"id":"pmpt_1"}}"#, param: "response.prompt", says: "stores no prompts"),
        response(
            #"{"tools":[{"type":"mcp"}]}"#, param: "response.tools[0].server_label",
            code: "missing_required_parameter"),
        response(
            #"{"tools":[{"type":"function","name":"a"},{"type":"function","name":"a"}]}"#,
            param: "response.tools[1].name", says: "'a'"),
        response(#"{"tool_choice":"any"}"#, param: "response.tool_choice", says: "'required'"),
        response(
            #"{"tool_choice":{"type":"mcp"}}"#, param: "response.tool_choice.server_label",
            code: "missing_required_parameter"),
        response(#"{"metadata":{"\#(long)":"x"}}"#, param: "response.metadata", says: "64"),
        response(
            #"{"metadata":{"a":"\#(String(repeating: "x", count: 513))"}}"#, param: "response.metadata", says: "512"),
        response(
            "{\"metadata\":{\((0..<17).map { "\"\($0)\":\"\"" }.joined(separator: ","))}}", param: "response.metadata",
            says: "16 pairs, but got 17"),
        response(#"{"reasoning":{"effort":"none"}}"#, param: "response.reasoning.effort", says: "'minimal'"),
        response(
            #"{"audio":{"output":{"format":{"type":"audio/pcm","rate":16000}}}}"#,
            param: "response.audio.output.format.rate", says: "24000"),
        response(#"{"input":[{"type":"item_reference","id":""}]}"#, param: "response.input[0].id"),
    ]

    @Test("Each names its field, and repeats the client's id", arguments: envelope + items + responses)
    func names(_ expected: Case) {
        do {
            let event = try EventDecoder(dialect: .current).decode(Array(expected.event.utf8))
            Issue.record("taken as \(event)")
        } catch {
            #expect(error.kind == .invalidRequest)
            #expect(error.code == expected.code)
            #expect(error.param == expected.param)
            #expect(error.eventID == expected.eventID)
            #expect(error.message.contains(expected.says), "\(error.message)")
        }
    }

    @Test("An error repeats only the start of what a client sent")
    func quotesLittle() {
        let word = String(repeating: "x", count: 1_000_000)
        #expect { try EventDecoder(dialect: .current).decode(Array(#"{"type":"\#(word)"}"#.utf8)) } throws: { error in
            ((error as? ProtocolError)?.message.count ?? .max) < 600
        }
    }
}
