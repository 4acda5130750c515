import RealtimeProtocol

extension ServerEventSamples {
    static let image = "data:image/png;base64,iVBORw0KGgo="

    static func session(_ configuration: SessionConfiguration) -> Session {
        Session(id: SessionID("sess_1"), expiresAt: 1_764_100_800, configuration: configuration)
    }

    static func user(_ content: [ContentPart], status: Item.Status = .completed) -> Item {
        Item(id: ItemID("item_1"), status: status, body: .message(Message(role: .user, content: content)))
    }

    static func assistant(_ content: [ContentPart], status: Item.Status = .completed) -> Item {
        Item(id: ItemID("item_2"), status: status, body: .message(Message(role: .assistant, content: content)))
    }

    static func response(_ status: Response.Status, output: [Item] = []) -> Response {
        let usage = Usage(
            input: Usage.Details(text: 119, audio: 13), cached: Usage.Details(text: 64),
            output: Usage.Details(text: 30, audio: 91))
        return Response(
            id: ResponseID("resp_1"), status: status, output: output, conversationID: ConversationID("conv_1"),
            outputModality: .audio, maxOutputTokens: .infinite, outputFormat: .pcm, voice: .named("marin"),
            usage: status == .inProgress ? nil : usage, metadata: nil)
    }

    static let outOfBand = Response(
        id: ResponseID("resp_2"), status: .completed, output: [assistant([.outputText("sad")])], conversationID: nil,
        outputModality: .text, maxOutputTokens: .tokens(64), outputFormat: .pcmu, voice: .custom(id: "voice_1"),
        usage: Usage(), metadata: JSONObject([("topic", .string("mood"))]))

    /// Everything set that can be.
    static let fullConfiguration: SessionConfiguration = {
        var configuration = SessionConfiguration(kind: .realtime, model: "gpt-realtime")
        configuration.instructions = "Be brief.\n"
        configuration.tools = [
            Tool(
                name: "weather", description: "Of a city",
                parameters: .object(
                    JSONObject([
                        ("type", .string("object")),
                        (
                            "properties",
                            .object(JSONObject([("city", .object(JSONObject([("type", .string("string"))])))]))
                        ),
                    ]))),
            Tool(name: "hang_up"),
        ]
        configuration.toolChoice = .function(name: "weather")
        configuration.parallelToolCalls = true
        configuration.reasoningEffort = .low
        configuration.maxOutputTokens = .tokens(4_096)
        configuration.tracing = .string("auto")
        configuration.truncation = .retention(ratio: 0.8, postInstructions: 8_000)
        configuration.include = ["item.input_audio_transcription.logprobs"]
        configuration.input.format = .pcmu
        configuration.input.transcription = TranscriptionConfiguration(
            model: "gpt-4o-mini-transcribe", language: "de", languages: ["de", "en"], prompt: "Names: Zoë",
            keywords: ["Zoë"], delay: "low")
        configuration.input.noiseReduction = NoiseReduction(kind: .farField, strength: 0.5)
        var vad = ServerVAD(silenceDurationMs: 200)
        vad.threshold = 0.6
        vad.idleTimeoutMs = 5_000
        vad.interruptResponse = false
        configuration.input.turnDetection = .server(vad)
        configuration.output.format = .pcma
        configuration.output.voice = .custom(id: "voice_1")
        configuration.output.speed = 1.25
        return configuration
    }()

    static let semanticConfiguration: SessionConfiguration = {
        var configuration = SessionConfiguration(kind: .realtime, model: "gpt-realtime")
        configuration.input.turnDetection = .semantic(SemanticVAD(eagerness: .high))
        configuration.input.transcription = TranscriptionConfiguration(model: "whisper-1")
        var clock = MCPTool(label: "clock", url: "https://clock.example/mcp")
        clock.allowedTools = MCPToolFilter(names: ["time"], isReadOnly: true)
        clock.approval = .filtered(always: nil, never: MCPToolFilter(isReadOnly: true))
        clock.description = "Times of the world"
        var door = MCPTool(label: "door")
        door.approval = .always
        configuration.servers = [clock, door]
        configuration.toolChoice = .mcp(label: "clock", name: "time")
        configuration.truncation = .disabled
        configuration.tracing = .object(JSONObject([("workflow_name", .string("support"))]))
        return configuration
    }()

    static let quietConfiguration: SessionConfiguration = {
        var configuration = SessionConfiguration(kind: .realtime, model: "gpt-realtime")
        configuration.outputModality = .text
        configuration.toolChoice = .none
        configuration.truncation = .retention(ratio: 0.5, postInstructions: nil)
        configuration.input.turnDetection = nil
        return configuration
    }()

    static let transcriptionConfiguration: SessionConfiguration = {
        var configuration = SessionConfiguration(kind: .transcription, model: "gpt-realtime")
        configuration.include = ["item.input_audio_transcription.logprobs"]
        configuration.input.transcription = TranscriptionConfiguration(model: "gpt-4o-transcribe")
        configuration.input.turnDetection = .semantic(SemanticVAD(eagerness: .low))
        return configuration
    }()
}

extension ServerEventSamples {
    static let configurations = [
        SessionConfiguration(kind: .realtime, model: "gpt-realtime"), fullConfiguration, semanticConfiguration,
        quietConfiguration, SessionConfiguration(kind: .transcription, model: "gpt-realtime"),
        transcriptionConfiguration,
    ]
}
