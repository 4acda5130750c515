import RealtimeProtocol
import Testing

@Suite("Updates of a session")
struct SessionMergingTests {
    private let realtime = SessionConfiguration(kind: .realtime, model: "gpt-realtime")

    private func merging(_ update: String, into configuration: SessionConfiguration) throws -> SessionConfiguration {
        try configuration.merging(try object(update))
    }

    private func semantic(_ update: String, into configuration: SessionConfiguration) throws -> SemanticVAD? {
        guard case .semantic(let vad) = try merging(update, into: configuration).input.turnDetection else { return nil }
        return vad
    }

    private func server(_ update: String, into configuration: SessionConfiguration) throws -> ServerVAD? {
        guard case .server(let vad) = try merging(update, into: configuration).input.turnDetection else { return nil }
        return vad
    }

    @Test("What is absent stays", arguments: ServerEventSamples.configurations)
    func absentStays(_ configuration: SessionConfiguration) throws {
        for update in ["{}", #"{"audio":{}}"#, #"{"audio":{"input":{},"output":{}}}"#] {
            #expect(try merging(update, into: configuration) == configuration)
        }
    }

    @Test("Null clears what can be null")
    func nullClears() throws {
        let cleared = try merging(
            #"""
            {"parallel_tool_calls": null, "reasoning": null, "tracing": null, "include": null, "prompt": null,
             "audio": {"input": {"transcription": null, "noise_reduction": null, "turn_detection": null}}}
            """#, into: ServerEventSamples.fullConfiguration)
        var expected = ServerEventSamples.fullConfiguration
        expected.parallelToolCalls = nil
        expected.reasoningEffort = nil
        expected.tracing = .null
        expected.include = nil
        expected.input.transcription = nil
        expected.input.noiseReduction = nil
        expected.input.turnDetection = nil
        #expect(cleared == expected)
    }

    @Test("Null leaves what cannot be null as it is")
    func nullLeaves() throws {
        let update = #"""
            {"type": null, "model": null, "output_modalities": null, "instructions": null, "tools": null,
             "tool_choice": null, "max_output_tokens": null, "truncation": null,
             "audio": {"input": {"format": null, "turn_detection": {"type": null, "threshold": null}},
                       "output": {"format": null, "voice": null, "speed": null}}}
            """#
        #expect(try merging(update, into: ServerEventSamples.fullConfiguration) == ServerEventSamples.fullConfiguration)
    }

    @Test("A tracing object keeps the members its type has, so that strict clients take the echo")
    func tracingIsPruned() throws {
        let update = #"{"tracing": {"workflow_name": "w", "group_id": null, "colour": "red", "metadata": {"a": 1}}}"#
        let expected = try object(#"{"workflow_name": "w", "metadata": {"a": 1}}"#)
        #expect(try merging(update, into: realtime).tracing == .object(expected))
    }

    @Test("Empty instructions and tools clear")
    func emptyClears() throws {
        let cleared = try merging(#"{"instructions": "", "tools": []}"#, into: ServerEventSamples.fullConfiguration)
        #expect(cleared.instructions.isEmpty && cleared.tools.isEmpty)
    }

    @Test("Objects merge key by key")
    func keyByKey() throws {
        let merged = try merging(
            #"""
            {"audio": {"input": {"transcription": {"language": null}, "noise_reduction": {"type": "near_field"},
                                 "turn_detection": {"idle_timeout_ms": null}}},
             "truncation": {"type": "retention_ratio", "retention_ratio": 0.4}}
            """#, into: ServerEventSamples.fullConfiguration)
        var expected = ServerEventSamples.fullConfiguration
        expected.input.transcription?.language = nil
        expected.input.noiseReduction?.kind = .nearField
        expected.truncation = .retention(ratio: 0.4, postInstructions: 8_000)
        guard case .server(var vad) = expected.input.turnDetection else { return }
        vad.idleTimeoutMs = nil
        expected.input.turnDetection = .server(vad)
        #expect(merged == expected)
    }

    @Test("Turn detection of another type starts with its defaults and keeps what it does to responses")
    func turnDetectionType() throws {
        let full = ServerEventSamples.fullConfiguration
        var expected = SemanticVAD()
        expected.interruptResponse = false
        #expect(
            try semantic(#"{"audio":{"input":{"turn_detection":{"type":"semantic_vad"}}}}"#, into: full) == expected)
        var quiet = realtime
        quiet.input.turnDetection = nil
        let threshold = #"{"audio":{"input":{"turn_detection":{"threshold":0.9}}}}"#
        #expect(try server(threshold, into: quiet)?.threshold == 0.9)
        #expect(try server(threshold, into: quiet)?.silenceDurationMs == 500)
        #expect(try semantic(threshold, into: ServerEventSamples.semanticConfiguration)?.eagerness == .high)
    }

    static let numbers: [(String, String)] = [
        (
            #"{"audio":{"input":{"turn_detection":{"threshold":-0.01}}}}"#,
            "session.audio.input.turn_detection.threshold"
        ),
        (#"{"audio":{"input":{"turn_detection":{"threshold":1.01}}}}"#, "session.audio.input.turn_detection.threshold"),
        (
            #"{"audio":{"input":{"turn_detection":{"prefix_padding_ms":-1}}}}"#,
            "session.audio.input.turn_detection.prefix_padding_ms"
        ),
        (
            #"{"audio":{"input":{"turn_detection":{"silence_duration_ms":60001}}}}"#,
            "session.audio.input.turn_detection.silence_duration_ms"
        ),
        (
            #"{"audio":{"input":{"turn_detection":{"idle_timeout_ms":4999}}}}"#,
            "session.audio.input.turn_detection.idle_timeout_ms"
        ),
        (
            #"{"audio":{"input":{"turn_detection":{"idle_timeout_ms":30001}}}}"#,
            "session.audio.input.turn_detection.idle_timeout_ms"
        ),
        (#"{"audio":{"output":{"speed":0.24}}}"#, "session.audio.output.speed"),
        (#"{"audio":{"output":{"speed":1.51}}}"#, "session.audio.output.speed"),
        (#"{"max_output_tokens":0}"#, "session.max_output_tokens"),
        (#"{"max_output_tokens":4097}"#, "session.max_output_tokens"),
        (
            #"{"truncation":{"type":"retention_ratio","retention_ratio":1.1}}"#, "session.truncation.retention_ratio"
        ),
        (
            #"{"truncation":{"type":"retention_ratio","retention_ratio":1,"token_limits":{"post_instructions":-1}}}"#,
            "session.truncation.token_limits.post_instructions"
        ),
        (#"{"audio":{"input":{"format":{"type":"audio/pcm","rate":16000}}}}"#, "session.audio.input.format.rate"),
        (
            #"{"audio":{"input":{"noise_reduction":{"type":"near_field","strength":2}}}}"#,
            "session.audio.input.noise_reduction.strength"
        ),
    ]

    static let words: [(String, String)] = [
        (#"{"type":"transcription"}"#, "session.type"), (#"{"type":"translation"}"#, "session.type"),
        (#"{"output_modalities":["audio","text"]}"#, "session.output_modalities"),
        (#"{"output_modalities":["video"]}"#, "session.output_modalities[0]"),
        (#"{"tools":[{"type":"mcp","server_label":"x y"}]}"#, "session.tools[0].server_label"),
        (
            #"{"tools":[{"type":"mcp","server_label":"x"},{"type":"mcp","server_label":"x"}]}"#,
            "session.tools[1].server_label"
        ),
        (
            #"{"tools":[{"type":"mcp","server_label":"x","server_url":"y","connector_id":"connector_gmail"}]}"#,
            "session.tools[0].connector_id"
        ),
        (
            #"{"tools":[{"type":"mcp","server_label":"x","connector_id":"connector_gmail"}]}"#,
            "session.tools[0].connector_id"
        ),
        (
            #"{"tools":[{"type":"mcp","server_label":"x","authorization":"a","headers":{"authorization":"b"}}]}"#,
            "session.tools[0].authorization"
        ),
        (#"{"tools":[{"type":"mcp","server_label":"x","headers":{"Host":"b"}}]}"#, "session.tools[0].headers"),
        (
            #"{"tools":[{"type":"mcp","server_label":"x","headers":{"X-A":"b\u000AHost: c"}}]}"#,
            "session.tools[0].headers"
        ),
        (
            #"{"tools":[{"type":"mcp","server_label":"x","require_approval":"perhaps"}]}"#,
            "session.tools[0].require_approval"
        ),
        (#"{"tools":[{"type":"function","name":""}]}"#, "session.tools[0].name"),
        (
            #"{"tools":[{"type":"function","name":"a"},{"type":"function","name":"b"},{"type":"function","name":"a"}]}"#,
            "session.tools[2].name"
        ),
        (#"{"prompt":{"id":"pmpt_1"}}"#, "session.prompt"), (#"{"tracing":"on"}"#, "session.tracing"),
        (#"{"include":["usage"]}"#, "session.include[0]"), (#"{"truncation":"some"}"#, "session.truncation"),
        (#"{"reasoning":{"effort":"max"}}"#, "session.reasoning.effort"),
        (#"{"audio":{"input":{"turn_detection":{"type":"none"}}}}"#, "session.audio.input.turn_detection.type"),
        (
            #"{"audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":"max"}}}}"#,
            "session.audio.input.turn_detection.eagerness"
        ),
        (#"{"audio":{"input":{"format":{"type":"audio/opus"}}}}"#, "session.audio.input.format.type"),
        (#"{"audio":{"input":{"format":"pcm16"}}}"#, "session.audio.input.format"),
        (#"{"audio":{"input":{"noise_reduction":{}}}}"#, "session.audio.input.noise_reduction.type"),
        (#"{"audio":{"output":{"voice":""}}}"#, "session.audio.output.voice"),
    ]

    @Test("A value that is not allowed is refused by the path of its field", arguments: numbers + words)
    func refuses(_ update: String, _ param: String) throws {
        let update = try object(update)
        #expect { try realtime.merging(update) } throws: { ($0 as? ProtocolError)?.param == param }
    }

    @Test(
        "Both ends of a range are allowed",
        arguments: [
            #"{"audio":{"input":{"turn_detection":{"threshold":0,"prefix_padding_ms":0,"silence_duration_ms":0,"idle_timeout_ms":5000}}}}"#,
            #"{"audio":{"input":{"turn_detection":{"threshold":1,"idle_timeout_ms":30000}},"output":{"speed":0.25}}}"#,
            #"{"audio":{"output":{"speed":1.5}},"max_output_tokens":1}"#, #"{"max_output_tokens":4096.0}"#,
            #"{"truncation":{"type":"retention_ratio","retention_ratio":0}}"#,
            #"{"audio":{"input":{"format":{"type":"audio/pcm","rate":24000.0}}}}"#,
        ])
    func allows(_ update: String) throws {
        _ = try merging(update, into: realtime)
    }

    @Test("Model, temperature and flat beta fields are tolerated without effect")
    func tolerates() throws {
        let update =
            #"{"model":"gpt-realtime-2.1","temperature":0.8,"voice":"echo","modalities":["text"],"id":1,"x":[]}"#
        #expect(try merging(update, into: realtime) == realtime)
    }

    @Test("A transcription session takes only what it has")
    func transcription() throws {
        let transcription = SessionConfiguration(kind: .transcription, model: "m")
        let merged = try merging(
            #"""
            {"type": "transcription", "instructions": 7, "include": ["item.input_audio_transcription.logprobs"],
             "audio": {"input": {"format": {"type": "audio/pcmu"}, "transcription": {"model": "whisper-1"},
                                 "turn_detection": {"create_response": false, "idle_timeout_ms": 1, "threshold": 0.1}},
                       "output": {"voice": 7}}}
            """#, into: transcription)
        var expected = transcription
        expected.include = ["item.input_audio_transcription.logprobs"]
        expected.input.format = .pcmu
        expected.input.transcription = TranscriptionConfiguration(model: "whisper-1")
        var vad = ServerVAD(kind: .transcription)
        vad.threshold = 0.1
        expected.input.turnDetection = .server(vad)
        #expect(merged == expected)
        #expect { try transcription.merging(try object(#"{"type":"realtime"}"#)) } throws: { error in
            (error as? ProtocolError)?.param == "session.type"
        }
    }

    @Test("A session that was written is read as it was", arguments: ServerEventSamples.configurations)
    func roundTrip(_ configuration: SessionConfiguration) throws {
        var json = JSONWriter()
        json.session(ServerEventSamples.session(configuration), .current)
        let object = try object(String(decoding: json.bytes, as: UTF8.self))
        // A transcription session names no model of its own.
        #expect(try SessionConfiguration(parsing: object, defaultModel: "gpt-realtime") == configuration)
    }

    @Test("A session without a model gets the default one, without a type it is for conversation")
    func defaults() throws {
        let parsed = try SessionConfiguration(parsing: JSONObject(), defaultModel: "m")
        #expect(parsed == SessionConfiguration(kind: .realtime, model: "m"))
        let named = try SessionConfiguration(parsing: try object(#"{"model":"gpt-realtime-2"}"#), defaultModel: "m")
        #expect(named.model == "gpt-realtime-2")
    }
}
