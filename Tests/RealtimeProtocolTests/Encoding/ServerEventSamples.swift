import RealtimeProtocol

/// At least one of every server event, and one of every shape it can have.
enum ServerEventSamples {
    static let all: [ServerEvent] =
        errors + sessions + conversation + transcription + inputBuffer + responses + parts + calls + servers
        + outputBuffer

    static let itemAddress = ItemAddress(response: ResponseID("resp_1"), item: ItemID("item_2"), outputIndex: 0)
    static let partAddress = PartAddress(item: itemAddress, contentIndex: 0)
    static let call = FunctionCall(
        callID: FunctionCallID("call_1"), name: "weather", arguments: #"{"city":"Zürich"}"#)

    static let errors: [ServerEvent] = [
        .error(ProtocolError(code: nil, "Audio content of 13600ms is already shorter than 55960ms")),
        .error(ProtocolError(.server, code: "engine_failed", "Gone.", param: nil, eventID: "evt \"1\"")),
        .error(.missing("session.type")),
    ]

    static let sessions: [ServerEvent] = [
        .sessionCreated(session(SessionConfiguration(kind: .realtime, model: "gpt-realtime"))),
        .sessionUpdated(session(fullConfiguration)),
        .sessionUpdated(session(semanticConfiguration)),
        .sessionUpdated(session(quietConfiguration)),
        .sessionCreated(session(SessionConfiguration(kind: .transcription, model: "gpt-realtime"))),
        .sessionUpdated(session(transcriptionConfiguration)),
        .conversationCreated(ConversationID("conv_1")),
    ]

    static let conversation: [ServerEvent] = [
        .conversationItemAdded(
            user([.inputText("Hello"), .inputImage(url: image, detail: "low")]), previousItemID: nil),
        .conversationItemDone(
            user([.inputImage(url: image, detail: nil)], status: .completed), previousItemID: ItemID("item_0")),
        .conversationItemDone(
            user([.inputAudio(transcript: nil, audio: [1, 2])], status: .completed), previousItemID: ItemID("item_0")),
        .conversationItemAdded(
            Item(id: ItemID("item_3"), body: .message(Message(role: .system, content: [.inputText("Be brief.")]))),
            previousItemID: ItemID("item_2")),
        .conversationItemAdded(assistant([], status: .inProgress), previousItemID: ItemID("item_1")),
        .conversationItemDone(
            assistant([.outputAudio(transcript: "Hi.", audio: [1, 2])]), previousItemID: ItemID("item_1")),
        .conversationItemDone(
            assistant([.outputText("Hi.")], status: .incomplete), previousItemID: ItemID("item_1")),
        .conversationItemAdded(
            Item(id: ItemID("item_4"), status: .inProgress, body: .functionCall(call)), previousItemID: nil),
        .conversationItemDone(
            Item(
                id: ItemID("item_5"),
                body: .functionCallOutput(FunctionCallOutput(callID: call.callID, output: "21 °C"))),
            previousItemID: ItemID("item_4")),
        .conversationItemRetrieved(user([.inputAudio(transcript: "Hello", audio: [0, 1, 2, 3])])),
        .conversationItemRetrieved(assistant([.outputAudio(transcript: "Hi.", audio: [4, 5, 6, 7])])),
        .conversationItemRetrieved(assistant([.outputAudio(transcript: nil, audio: nil)], status: .inProgress)),
        .conversationItemDeleted(ItemID("item_1")),
        .conversationItemTruncated(ItemID("item_2"), contentIndex: 0, audioEndMs: 1_008),
    ]

    static let transcription: [ServerEvent] = [
        .inputAudioTranscriptionDelta(ItemID("item_1"), contentIndex: 0, delta: "Hel"),
        .inputAudioTranscriptionCompleted(
            ItemID("item_1"), contentIndex: 0, transcript: "Hello", usage: .duration(seconds: 1.25)),
        .inputAudioTranscriptionCompleted(
            ItemID("item_1"), contentIndex: 0, transcript: "",
            usage: .tokens(input: Usage.Details(text: 2, audio: 17), output: 3)),
        .inputAudioTranscriptionFailed(
            ItemID("item_1"), contentIndex: 0, ProtocolError(.server, code: "busy", "No recogniser is free.")),
        .inputAudioTranscriptionFailed(ItemID("item_1"), contentIndex: 0, ProtocolError(.server, code: nil, "Failed.")),
    ]

    static let inputBuffer: [ServerEvent] = [
        .inputAudioBufferCommitted(ItemID("item_1"), previousItemID: nil),
        .inputAudioBufferCommitted(ItemID("item_3"), previousItemID: ItemID("item_2")),
        .inputAudioBufferCleared,
        .inputAudioBufferSpeechStarted(ItemID("item_1"), audioStartMs: 640),
        .inputAudioBufferSpeechStopped(ItemID("item_1"), audioEndMs: 2_880),
        .inputAudioBufferTimeoutTriggered(ItemID("item_1"), audioStartMs: 13_216, audioEndMs: 19_232),
    ]

    static let responses: [ServerEvent] = [
        .responseCreated(response(.inProgress)),
        .responseDone(response(.completed, output: [assistant([.outputAudio(transcript: "Hi.", audio: nil)])])),
        .responseDone(response(.cancelled(.turnDetected), output: [])),
        .responseDone(response(.cancelled(.clientCancelled), output: [])),
        .responseDone(response(.incomplete(.maxOutputTokens), output: [])),
        .responseDone(response(.incomplete(.contentFilter), output: [])),
        .responseDone(
            response(.failed(Response.Failure(code: "engine_failed", message: "The model is gone.")), output: [])),
        .responseDone(outOfBand),
        .outputItemAdded(ResponseID("resp_1"), outputIndex: 0, assistant([], status: .inProgress)),
        .outputItemDone(
            ResponseID("resp_1"), outputIndex: 0, assistant([.outputAudio(transcript: "Hi.", audio: nil)])),
        .outputItemDone(ResponseID("resp_1"), outputIndex: 1, Item(id: ItemID("item_4"), body: .functionCall(call))),
        .rateLimitsUpdated([
            RateLimit(name: .requests, limit: 100, remaining: 99, resetSeconds: 0.6),
            RateLimit(name: .tokens, limit: 15_000, remaining: 14_500, resetSeconds: 2),
        ]),
    ]

    static let parts: [ServerEvent] = [
        .contentPartAdded(partAddress, .audio),
        .contentPartAdded(partAddress, .text),
        .contentPartDone(partAddress, .audio, text: "Hi."),
        .contentPartDone(partAddress, .text, text: "Hi."),
        .outputTextDelta(partAddress, "Hi"),
        .outputTextDone(partAddress, "Hi."),
        .outputAudioTranscriptDelta(partAddress, "Hi", words: [WordTiming(text: "Hi", startMs: 0, endMs: 120)]),
        .outputAudioTranscriptDone(partAddress, "Hi."),
        .outputAudioDelta(partAddress, [0, 1, 2, 3]),
        .outputAudioDone(partAddress),
    ]

    static let calls: [ServerEvent] = [
        .functionCallArgumentsDelta(itemAddress, call.callID, #"{"city":"#),
        .functionCallArgumentsDone(itemAddress, call),
    ]

    static let servers: [ServerEvent] =
        [
            .conversationItemAdded(mcp(.listTools(MCPToolList(label: "clock"))), previousItemID: nil),
            .mcpListTools(.inProgress, ItemID("item_6")),
            .mcpListTools(.completed, ItemID("item_6")),
            .mcpListTools(.failed, ItemID("item_6"), .http(code: 0, message: "Gone.")),
            .conversationItemDone(
                mcp(
                    .listTools(
                        MCPToolList(
                            label: "clock",
                            tools: [
                                MCPListedTool(
                                    name: "time", inputSchema: .object(JSONObject([("type", .string("object"))])),
                                    annotations: .object(JSONObject([("readOnlyHint", .bool(true))])))
                            ]))), previousItemID: nil),
            .conversationItemAdded(
                mcp(.approvalRequest(MCPApprovalRequest(label: "clock", name: "time", arguments: "{}"))),
                previousItemID: nil),
            .conversationItemAdded(
                mcp(.approvalResponse(MCPApprovalResponse(request: ItemID("item_6"), approves: false, reason: "No."))),
                previousItemID: nil),
            .outputItemAdded(ResponseID("resp_1"), outputIndex: 0, mcp(.call(mcpCall(nil)))),
            .mcpCallArgumentsDelta(itemAddress, #"{"zone":"#),
            .mcpCallArgumentsDone(itemAddress, #"{"zone":1}"#),
            .mcpCall(.inProgress, itemAddress),
            .mcpCall(.completed, itemAddress),
            .mcpCall(.failed, itemAddress),
            .outputItemDone(ResponseID("resp_1"), outputIndex: 0, mcp(.call(mcpCall(.output("noon"))))),
        ]
        + [
            MCPError.protocol(code: -32_601, message: "Method not found"), .execution(message: "No such zone."),
            .http(code: 502, message: "The server answered 502."),
        ].map {
            .outputItemDone(ResponseID("resp_1"), outputIndex: 0, mcp(.call(mcpCall(.failed($0)))))
        }

    private static func mcp(_ item: MCPItem) -> Item { Item(id: ItemID("item_6"), body: .mcp(item)) }

    private static func mcpCall(_ outcome: MCPOutcome?) -> MCPCall {
        var call = MCPCall(label: "clock", name: "time", arguments: #"{"zone":1}"#)
        call.approvalRequest = outcome.map { _ in ItemID("item_7") }
        call.outcome = outcome
        return call
    }

    static let outputBuffer: [ServerEvent] = [
        .outputAudioBufferStarted(ResponseID("resp_1")),
        .outputAudioBufferStopped(ResponseID("resp_1")),
        .outputAudioBufferCleared(ResponseID("resp_1")),
    ]
}
