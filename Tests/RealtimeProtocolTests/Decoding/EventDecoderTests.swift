import RealtimeProtocol
import Testing

@Suite("Client events")
struct EventDecoderTests {
    private func decode(_ text: String, _ dialect: Dialect = .current) throws(ProtocolError) -> ClientEvent {
        try EventDecoder(dialect: dialect).decode(Array(text.utf8))
    }

    static let events: [(String, ClientEvent)] = [
        (ClientEventSamples.append, ClientEvent(eventID: "e1", .inputAudioBufferAppend([0, 1, 2, 3]))),
        (#"{"type":"input_audio_buffer.commit","event_id":null}"#, ClientEvent(.inputAudioBufferCommit)),
        (#"{"type":"input_audio_buffer.clear"}"#, ClientEvent(.inputAudioBufferClear)),
        (#"{"type":"output_audio_buffer.clear"}"#, ClientEvent(.outputAudioBufferClear)),
        (#"{"type":"response.cancel"}"#, ClientEvent(.responseCancel(nil))),
        (ClientEventSamples.cancel, ClientEvent(eventID: "e1", .responseCancel(ResponseID("resp_1")))),
        (
            ClientEventSamples.retrieve,
            ClientEvent(eventID: "e1", .conversationItemRetrieve(ItemID("item_1")))
        ),
        (ClientEventSamples.delete, ClientEvent(eventID: "e1", .conversationItemDelete(ItemID("item_1")))),
        (
            ClientEventSamples.truncate,
            ClientEvent(
                eventID: "e1", .conversationItemTruncate(ItemID("item_1"), contentIndex: 0, audioEndMs: 300))
        ),
        (
            #"{"type":"session.update","session":{"type":"realtime"}}"#,
            ClientEvent(.sessionUpdate(JSONObject([("type", .string("realtime"))])))
        ),
        (
            ClientEventSamples.functionCallOutput,
            ClientEvent(
                .conversationItemCreate(
                    NewItem(
                        body: .functionCallOutput(
                            FunctionCallOutput(callID: FunctionCallID("call_1"), output: "21 °C"))), .end))
        ),
        (
            ClientEventSamples.functionCall,
            ClientEvent(
                .conversationItemCreate(
                    NewItem(
                        body: .functionCall(
                            FunctionCall(callID: FunctionCallID("call_1"), name: "weather", arguments: "{}"))), .end))
        ),
    ]

    @Test("An event is read", arguments: events)
    func reads(_ text: String, _ event: ClientEvent) throws {
        #expect(try decode(text) == event)
    }

    @Test("An item of a user is read with all its content")
    func userMessage() throws {
        let content: [ContentPart] = [
            .inputText("Hello"), .inputAudio(transcript: "Hello", audio: [0, 1, 2, 3]),
            .inputImage(url: "data:image/png;base64,AAAA", detail: "low"),
        ]
        let item = NewItem(id: ItemID("item_1"), body: .message(Message(role: .user, content: content)))
        let event = ClientEvent(eventID: "e1", .conversationItemCreate(item, .after(ItemID("item_0"))))
        #expect(try decode(ClientEventSamples.userMessage) == event)
    }

    @Test(
        "A new item goes to the end, the beginning or after another",
        arguments: [
            ("", .end), (#""previous_item_id": null,"#, .end), (#""previous_item_id": "root","#, .beginning),
            (#""previous_item_id": "item_9","#, .after(ItemID("item_9"))),
        ] as [(String, ClientEvent.Placement)])
    func placement(_ member: String, _ placement: ClientEvent.Placement) throws {
        let event = try decode(
            """
            {"type": "conversation.item.create", \(member)
             "item": {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "Hi"}]}}
            """)
        let item = NewItem(body: .message(Message(role: .assistant, content: [.outputText("Hi")])))
        #expect(event.payload == .conversationItemCreate(item, placement))
    }

    @Test("Parameters of a response are read with all their overrides")
    func responseCreate() throws {
        var parameters = ResponseParameters()
        parameters.isOutOfBand = true
        parameters.instructions = "Be brief."
        parameters.outputModality = .text
        parameters.outputFormat = .pcmu
        parameters.voice = .named("marin")
        parameters.tools = [
            Tool(
                name: "weather", description: "Of a city",
                parameters: .object(JSONObject([("type", .string("object"))])))
        ]
        parameters.servers = []
        parameters.toolChoice = .function(name: "weather")
        parameters.parallelToolCalls = false
        parameters.reasoningEffort = .high
        parameters.maxOutputTokens = .tokens(16)
        parameters.metadata = JSONObject([("topic", .string("mood"))])
        parameters.input = [
            .reference(ItemID("item_1")),
            .item(NewItem(body: .message(Message(role: .user, content: [.inputText("Hello")])))),
        ]
        #expect(try decode(ClientEventSamples.create) == ClientEvent(eventID: "e1", .responseCreate(parameters)))
    }

    @Test(
        "Null in a response is absent, and so is a response that is null",
        arguments: [
            #"{"type":"response.create"}"#, #"{"type":"response.create","response":null}"#,
            #"{"type":"response.create","response":{"instructions":null,"tools":null,"audio":null,"metadata":null,"input":null}}"#,
            #"{"type":"response.create","response":{"audio":{"output":{"format":null,"voice":null}}}}"#,
        ])
    func nulls(_ text: String) throws {
        #expect(try decode(text).payload == .responseCreate(ResponseParameters()))
    }

    @Test("An empty input of a response is a context, not the absence of one")
    func emptyInput() throws {
        var parameters = ResponseParameters()
        parameters.input = []
        #expect(
            try decode(#"{"type":"response.create","response":{"input":[]}}"#).payload == .responseCreate(parameters))
    }

    @Test("Fields nobody knows are tolerated")
    func unknownFields() throws {
        let event = try decode(
            #"{"type":"response.create","x":1,"response":{"x":{},"temperature":0.8,"commit":false}}"#)
        #expect(event.payload == .responseCreate(ResponseParameters()))
    }
}
