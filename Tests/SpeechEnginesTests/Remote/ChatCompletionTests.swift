import RealtimeProtocol
import SessionEngine
import Testing

@testable import SpeechEngines

@Suite("Chat completions") struct ChatCompletionTests {
    // MARK: What is asked

    @Test("A conversation with a call, its result, an image and speech becomes the messages of the API")
    func body() throws {
        let call = FunctionCall(callID: FunctionCallID("call_1"), name: "get_weather", arguments: #"{"place":"Oslo"}"#)
        let items: [Item.Body] = [
            .message(Message(role: .user, content: [.inputAudio(transcript: "How warm is Oslo?", audio: nil)])),
            .functionCall(call),
            .functionCall(FunctionCall(callID: FunctionCallID("call_2"), name: "get_time", arguments: "")),
            .functionCallOutput(FunctionCallOutput(callID: FunctionCallID("call_1"), output: "3 degrees")),
            .message(Message(role: .assistant, content: [.outputAudio(transcript: "Three degrees.", audio: nil)])),
            .message(
                Message(
                    role: .user,
                    content: [.inputText("And here?"), .inputImage(url: "data:image/png;base64,AA==", detail: "low")])),
            .message(Message(role: .user, content: [.inputAudio(transcript: nil, audio: nil)])),
        ]
        let request = ModelRequest(
            instructions: "Be kind.", items: items.enumerated().map { Item(id: ItemID("item_\($0)"), body: $1) },
            tools: [Tool(name: "get_weather", description: "d", parameters: .object(JSONObject()))],
            toolChoice: .function(name: "get_weather"), parallelToolCalls: false, reasoningEffort: .low,
            maxOutputTokens: .tokens(50), outputModality: .text)
        let expected = #"""
            {"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[
            {"role":"system","content":"Be kind."},
            {"role":"user","content":"How warm is Oslo?"},
            {"role":"assistant","content":"","tool_calls":[
            {"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\"place\":\"Oslo\"}"}},
            {"id":"call_2","type":"function","function":{"name":"get_time","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"call_1","content":"3 degrees"},
            {"role":"assistant","content":"Three degrees."},
            {"role":"user","content":[{"type":"text","text":"And here?"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}}]}],
            "max_tokens":50,"tools":[{"type":"function","function":{"name":"get_weather","description":"d","parameters":{}}}],
            "tool_choice":{"type":"function","function":{"name":"get_weather"}},
            "parallel_tool_calls":false,"reasoning_effort":"low"}
            """#
        #expect(
            try JSONParser.parse(ChatCompletionBody(request, model: "m").bytes)
                == JSONParser.parse(Array(expected.utf8)))
    }

    @Test(
        "A model that hears is sent the sound in the place of its words; any other, and history without sound, the words"
    )
    func sound() throws {
        let said: [ContentPart] = [
            .inputAudio(transcript: "How warm is it?", audio: Array("RIFF".utf8)), .inputText("In Oslo."),
        ]
        let request = ModelRequest(
            instructions: "Be kind.",
            items: [
                Item(
                    id: ItemID("a"),
                    body: .message(Message(role: .user, content: [.inputAudio(transcript: "Hi.", audio: nil)]))),
                Item(id: ItemID("b"), body: .message(Message(role: .user, content: said))),
            ], tools: [], toolChoice: .auto, parallelToolCalls: nil, reasoningEffort: nil, maxOutputTokens: .infinite,
            outputModality: .text)
        let heard = String(decoding: ChatCompletionBody(request, model: "m", hears: true).bytes, as: UTF8.self)
        #expect(heard.contains(#"{"role":"user","content":"Hi."}"#))
        #expect(
            heard.contains(
                #"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}},"#
                    + #"{"type":"text","text":"In Oslo."}]}"#))
        let read = String(decoding: ChatCompletionBody(request, model: "m").bytes, as: UTF8.self)
        #expect(read.contains(#"{"role":"user","content":"How warm is it?\nIn Oslo."}"#))
    }

    @Test("The limit has the name that OpenAI's newer models want there, and everybody else's elsewhere")
    func limit() {
        let request = ModelRequest(
            instructions: "", items: [], tools: [], toolChoice: .auto, parallelToolCalls: nil, reasoningEffort: nil,
            maxOutputTokens: .tokens(7), outputModality: .text)
        func body(_ base: String) -> String {
            let isOpenAI = RemoteEndpoint(base: base, model: "m").isOpenAI
            return String(decoding: ChatCompletionBody(request, model: "m", isOpenAI: isOpenAI).bytes, as: UTF8.self)
        }
        #expect(body("https://api.openai.com/v1").contains(#""max_completion_tokens":7"#))
        #expect(body("http://localhost:11434/v1").contains(#""max_tokens":7"#))
    }

    // MARK: What is answered

    @Test("Text streams as it comes, with the usage and the reason at the end")
    func text() throws {
        let (outputs, reader) = try read([
            #"{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"Hello"}}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":" there."},"finish_reason":null}]}"#,
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":8}}}"#,
        ])
        #expect(outputs == [.text("Hello"), .text(" there.")])
        #expect(reader.reason == .maxOutputTokens)
        #expect(reader.usage == ModelUsage(inputTokens: 9, cachedTokens: 8, outputTokens: 3))
    }

    @Test("Two calls whose pieces interleave come out whole and in order, the first as it streams")
    func calls() throws {
        let (outputs, _) = try read([
            #"{"choices":[{"delta":{"content":"One moment."}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"first","arguments":""}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"second","arguments":"{"}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"second","arguments":"}"}}]},"finish_reason":"tool_calls"}]}"#,
        ])
        #expect(
            outputs == [
                .text("One moment."), .functionCall(FunctionCallID("a"), name: "first"), .arguments(#"{"x":"#),
                .arguments("1}"), .functionCallEnd, .functionCall(FunctionCallID("b"), name: "second"),
                .arguments("{}"), .functionCallEnd,
            ])
    }

    @Test("Calls without index and id, with arguments as an object, and an answer that came whole, are read as well")
    func lenient() throws {
        let (outputs, reader) = try read([
            #"{"choices":[{"message":{"content":null,"tool_calls":[{"function":{"name":"f","arguments":{"a":[1]}}},{"function":{"name":"g","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"#
        ])
        #expect(
            outputs == [
                .functionCall(nil, name: "f"), .arguments(#"{"a":[1]}"#), .functionCallEnd,
                .functionCall(nil, name: "g"), .arguments("{}"), .functionCallEnd,
            ])
        #expect(reader.isFinished)
    }

    @Test("A model's thoughts are not said, in whatever pieces they come")
    func thoughts() {
        let said = "\n<think>Is it 5 < 6?</think>\n\nYes, it is."
        for size in 1...said.count {
            var filter = ThoughtFilter()
            var rest = said[...]
            var heard = ""
            while !rest.isEmpty {
                heard += filter.feed(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(heard + filter.finish() == "Yes, it is.", "in pieces of \(size)")
        }
        var plain = ThoughtFilter()
        #expect(plain.feed(" <th") + plain.feed("ree") + plain.finish() == " <three")
    }

    @Test("An error in the stream is a failure that repeats nothing of the server's words")
    func error() throws {
        let chunk = try JSONParser.parse(Array(#"{"error":{"message":"key sk-1 is wrong","code":"x"}}"#.utf8))
        var reader = ChatCompletionReader()
        let failure = #expect(throws: EngineFailure.self) { try reader.read(chunk) }
        #expect(failure?.code == "engine_error")
        #expect(failure?.message.contains("sk-1") == false)
    }

    @Test(
        "Chunks of any other shape are passed over",
        arguments: [
            "[]", "1", #"{"choices":{}}"#, #"{"choices":[7]}"#,
            #"{"choices":[{"delta":{"tool_calls":[null,{"function":3}]}}]}"#,
            #"{"usage":{"prompt_tokens":-1,"completion_tokens":2}}"#,
        ])
    func strange(chunk: String) throws {
        let (outputs, reader) = try read([chunk])
        #expect(outputs.isEmpty)
        #expect(reader.usage == nil)
    }

    private func read(_ chunks: [String]) throws -> ([ModelOutput], ChatCompletionReader) {
        var reader = ChatCompletionReader()
        var outputs: [ModelOutput] = []
        for chunk in chunks { outputs += try reader.read(JSONParser.parse(Array(chunk.utf8))) }
        outputs += reader.finish()
        return (outputs, reader)
    }
}
