import RealtimeProtocol
import Testing

@Suite("Beta dialect")
struct BetaDialectTests {
    private func decode(_ text: String) throws(ProtocolError) -> ClientEvent.Payload {
        try EventDecoder(dialect: .beta).decode(Array(text.utf8)).payload
    }

    private static let flat = #"""
        {"modalities": ["text", "audio"], "instructions": "Be brief.", "voice": "echo", "speed": 1.25,
         "input_audio_format": "g711_ulaw", "output_audio_format": "g711_alaw",
         "input_audio_transcription": {"model": "whisper-1"}, "input_audio_noise_reduction": {"type": "near_field"},
         "turn_detection": {"type": "server_vad", "threshold": 0.4, "silence_duration_ms": 700},
         "tools": [{"type": "function", "name": "weather"}], "tool_choice": "auto", "temperature": 0.8,
         "max_response_output_tokens": 1000}
        """#

    private static let expected: SessionConfiguration = {
        var configuration = SessionConfiguration(kind: .realtime, model: "m")
        configuration.instructions = "Be brief."
        configuration.tools = [Tool(name: "weather")]
        configuration.maxOutputTokens = .tokens(1_000)
        configuration.input.format = .pcmu
        configuration.input.transcription = TranscriptionConfiguration(model: "whisper-1")
        configuration.input.noiseReduction = NoiseReduction(kind: .nearField)
        var vad = ServerVAD(silenceDurationMs: 700)
        vad.threshold = 0.4
        configuration.input.turnDetection = .server(vad)
        configuration.output.format = .pcma
        configuration.output.voice = .named("echo")
        configuration.output.speed = 1.25
        return configuration
    }()

    @Test("A flat session.update changes what its fields are called now")
    func flatUpdate() throws {
        guard case .sessionUpdate(let update) = try decode(#"{"type":"session.update","session":\#(Self.flat)}"#) else {
            Issue.record("no update")
            return
        }
        #expect(try SessionConfiguration(kind: .realtime, model: "m").merging(update) == Self.expected)
    }

    @Test("The body of the legacy endpoint is read the same way")
    func legacyBody() throws {
        let parsed = try SessionConfiguration(parsingBeta: try object(Self.flat), kind: .realtime, defaultModel: "m")
        #expect(parsed == Self.expected)
    }

    @Test("Text alone and turn detection off", arguments: ["null", #"{"type": "none"}"#])
    func textAndQuiet(_ detection: String) throws {
        let update = #"{"type":"session.update","session":{"modalities":["text"],"turn_detection":\#(detection)}}"#
        guard case .sessionUpdate(let object) = try decode(update) else { return }
        let merged = try SessionConfiguration(kind: .realtime, model: "m").merging(object)
        #expect(merged.outputModality == .text && merged.input.turnDetection == nil)
    }

    @Test("transcription_session.update is an update of a transcription session")
    func transcriptionUpdate() throws {
        let update = #"{"type":"transcription_session.update","session":{"input_audio_transcription":{"model":"w"}}}"#
        guard case .sessionUpdate(let object) = try decode(update) else { return }
        let merged = try SessionConfiguration(kind: .transcription, model: "m").merging(object)
        #expect(merged.input.transcription == TranscriptionConfiguration(model: "w"))
        #expect(throws: ProtocolError.self) { try SessionConfiguration(kind: .realtime, model: "m").merging(object) }
    }

    @Test("Flat fields of a response override what they did")
    func response() throws {
        var expected = ResponseParameters()
        expected.outputModality = .audio
        expected.voice = .named("echo")
        expected.outputFormat = .pcmu
        expected.maxOutputTokens = .tokens(20)
        let payload = try decode(
            #"""
            {"type": "response.create", "response": {"modalities": ["audio", "text"], "voice": "echo",
             "output_audio_format": "g711_ulaw", "max_output_tokens": 20, "temperature": 0.7, "instructions": null}}
            """#)
        #expect(payload == .responseCreate(expected))
    }

    static let errors = [
        (#"{"turn_detection":{"threshold":2}}"#, "session.turn_detection.threshold"),
        (#"{"input_audio_format":"opus"}"#, "session.input_audio_format"),
        (#"{"output_audio_format":7}"#, "session.output_audio_format"), (#"{"speed":2}"#, "session.speed"),
        (#"{"modalities":["video"]}"#, "session.modalities"), (#"{"modalities":7}"#, "session.modalities"),
        (#"{"max_response_output_tokens":0}"#, "session.max_response_output_tokens"),
        (#"{"input_audio_transcription":{"model":1}}"#, "session.input_audio_transcription.model"),
        (#"{"tools":[{}]}"#, "session.tools[0].type"),
    ]

    @Test("An error names the field as the client called it", arguments: errors)
    func names(_ session: String, _ param: String) throws {
        let event = try decode(#"{"type":"session.update","session":\#(session)}"#)
        guard case .sessionUpdate(let update) = event else { return }
        do {
            _ = try SessionConfiguration(kind: .realtime, model: "m").merging(update)
            Issue.record("taken")
        } catch {
            #expect(error.inBetaNames.param == param)
            #expect(!error.inBetaNames.message.contains("session.audio"), "\(error.inBetaNames.message)")
            let encoder = EventEncoder(dialect: .beta, wantsExtensions: false, maxMessageBytes: 1_000)
            let message = String(decoding: encoder.encode(.error(error), eventID: "e").messages[0], as: UTF8.self)
            #expect(message.contains(#""param":"\#(param)""#))
        }
    }

    @Test("Errors of the legacy endpoint have the body's own names")
    func legacyError() throws {
        let body = try object(#"{"turn_detection":{"threshold":2}}"#)
        #expect { try SessionConfiguration(parsingBeta: body, kind: .realtime, defaultModel: "m") } throws: { error in
            (error as? ProtocolError)?.param == "turn_detection.threshold"
        }
    }

    @Test("What the beta dialect does not have is not sent")
    func dropped() {
        let encoder = EventEncoder(dialect: .beta, wantsExtensions: false, maxMessageBytes: 1_000)
        for event in [
            ServerEvent.conversationItemDone(ServerEventSamples.user([]), previousItemID: nil),
            .inputAudioBufferTimeoutTriggered(ItemID("item_1"), audioStartMs: 0, audioEndMs: 1),
        ] {
            #expect(encoder.encode(event, eventID: "e") == EncodedEvent(messages: []))
        }
    }

    @Test("A legacy session object carries its secret inside, a flat session what was set")
    func secret() throws {
        var json = JSONWriter()
        json.session(
            ServerEventSamples.session(Self.expected), .beta, secret: ClientSecret(value: "ek_1", expiresAt: 7))
        let session = try object(String(decoding: json.bytes, as: UTF8.self))
        #expect(session["client_secret"] == .object(try object(#"{"value":"ek_1","expires_at":7}"#)))
        #expect(try SessionConfiguration(parsingBeta: session, kind: .realtime, defaultModel: "x") == Self.expected)
    }
}
