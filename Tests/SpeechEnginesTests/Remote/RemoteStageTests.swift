import NIOConcurrencyHelpers
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import Testing

@Suite("Stages behind HTTP", .timeLimit(.minutes(1))) struct RemoteStageTests {
    @Test("A streamed answer reaches the session piece by piece, and the key goes to the server")
    func stream() async throws {
        let server = try await CannedServer(
            CannedServer.ok(
                "text/event-stream",
                """
                data: {"choices":[{"delta":{"content":"Hi"}}]}

                data: {"choices":[{"delta":{"content":" you."},"finish_reason":"stop"}]}

                data: {"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":2}}

                data: [DONE]


                """))
        let answer = try await ask(server)
        #expect(answer.outputs == [.text("Hi"), .text(" you.")])
        #expect(answer.usage == ModelUsage(inputTokens: 4, cachedTokens: 0, outputTokens: 2))
        #expect(server.request.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
        #expect(server.request.contains("Authorization: Bearer secret\r\n"))
        try await server.stop()
    }

    @Test("A server that does not stream is understood as well")
    func whole() async throws {
        let server = try await CannedServer(
            CannedServer.ok(
                "application/json", #"{"choices":[{"message":{"content":"All at once."},"finish_reason":"stop"}]}"#))
        #expect(try await ask(server).outputs == [.text("All at once.")])
        try await server.stop()
    }

    static let failures: [(String?, String)] = [
        (nil, "engine_unreachable"),
        ("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "engine_unauthorized"),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "engine_model_not_found"),
        ("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", "engine_overloaded"),
        ("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "engine_error"),
        // What comes is whole, and nothing of it is an answer.
        (CannedServer.ok("text/event-stream", "data: {\n\n"), "engine_unreadable"),
        (CannedServer.ok("text/event-stream", "<html>It works!</html>\n{{{\n"), "engine_unreadable"),
        (CannedServer.ok("text/event-stream", "\u{0}\u{1} all on one line"), "engine_unreadable"),
        (CannedServer.ok("application/json", "It works!"), "engine_unreadable"),
        ("no HTTP at all\r\n\r\n", "engine_unreadable"),
        // It broke off before it said anything.
        (CannedServer.ok("text/event-stream", ": wait\n\n"), "engine_unreachable"),
        (CannedServer.ok("text/event-stream", #"data: {"error":{"message":"no"}}"# + "\n\n"), "engine_error"),
        // It broke off in the middle of its answer.
        (
            CannedServer.ok("text/event-stream", #"data: {"choices":[{"delta":{"content":"Hi"}}]}"# + "\n\n"),
            "engine_unreachable"
        ),
    ]

    @Test("Each way to fail has its code", arguments: failures)
    func failure(answer: String?, code: String) async throws {
        let server = try await CannedServer(answer)
        let failure = await #expect(throws: EngineFailure.self) { try await ask(server) }
        #expect(failure?.code == code)
        try await server.stop()
    }

    @Test("Where no server listens, the failure says that it cannot be reached")
    func nobody() async throws {
        let server = try await CannedServer(nil)
        try await server.stop()
        let failure = await #expect(throws: EngineFailure.self) { try await ask(server) }
        #expect(failure?.code == "engine_unreachable")
    }

    @Test("Without a model's name the server's first is taken")
    func firstModel() async throws {
        let server = try await CannedServer(
            CannedServer.ok("application/json", #"{"data":[{"id":"qwen"},{"id":"other"}]}"#))
        let endpoint = try #require(RemoteEndpoint(server.base, key: nil))
        #expect(try await endpoint.resolved().model == "qwen")
        #expect(server.request.hasPrefix("GET /v1/models HTTP/1.1\r\n"))
        try await server.stop()
    }

    @Test("A recogniser gets a WAVE file and its words come back without the space around them")
    func recogniser() async throws {
        let server = try await CannedServer(CannedServer.ok("application/json", #"{"text":" Hello there. \n"}"#))
        let transcriber = RemoteTranscriber(RemoteEndpoint(base: server.base, model: "whisper"))
        let transcript = try await transcriber.transcribe(
            [Int16](repeating: 0, count: 8_000), TranscriptionConfiguration(language: "en"), onDelta: { _ in })
        #expect(transcript == Transcript(text: "Hello there.", usage: .duration(seconds: 0.5)))
        #expect(server.request.hasPrefix("POST /v1/audio/transcriptions HTTP/1.1\r\n"))
        #expect(server.request.contains("name=\"language\"\r\n\r\nen\r\n"))
        #expect(server.request.contains("Content-Type: audio/wav\r\n\r\nRIFF"))
        try await server.stop()
    }

    @Test("A recogniser that streams is heard word by word, and its tokens are the usage")
    func streamingRecogniser() async throws {
        let server = try await CannedServer(
            CannedServer.ok(
                "text/event-stream; charset=utf-8",
                """
                data: {"type":"transcript.text.delta","delta":"Hello"}

                data: {"type":"transcript.text.delta","delta":" there."}

                data: {"type":"transcript.text.done","text":"Hello there.","usage":{"input_tokens":7,"output_tokens":3}}


                """))
        let transcriber = RemoteTranscriber(RemoteEndpoint(base: server.base, model: "gpt-4o-transcribe"))
        let deltas = Collected<String>()
        let transcript = try await transcriber.transcribe(
            [Int16](repeating: 0, count: 8_000), nil, onDelta: { delta in deltas.append([delta]) })
        #expect(deltas.value == ["Hello", " there."])
        #expect(
            transcript == Transcript(text: "Hello there.", usage: .tokens(input: Usage.Details(audio: 7), output: 3)))
        #expect(server.request.contains("name=\"stream\"\r\n\r\ntrue\r\n"))
        try await server.stop()
    }

    @Test("A stream that ends without a word and without an end is no transcript")
    func emptyStream() async throws {
        let server = try await CannedServer(CannedServer.ok("text/event-stream", ": nothing\n\n"))
        let transcriber = RemoteTranscriber(RemoteEndpoint(base: server.base, model: "m"))
        let failure = await #expect(throws: EngineFailure.self) {
            try await transcriber.transcribe([0], nil, onDelta: { _ in })
        }
        #expect(failure?.code == "engine_unreadable")
        try await server.stop()
    }

    @Test("A voice is asked for the format of its line, and long pieces of sound come in blocks of a second")
    func voiceFormat() async throws {
        let server = try await CannedServer(
            CannedServer.ok("audio/pcm;rate=8000", String(repeating: "\u{1}\u{2}", count: 20_000)))
        let synthesizer = RemoteSynthesizer(
            RemoteEndpoint(base: server.base, model: "m"), speaker: "af_sky", format: .opus)
        let blocks = Collected<Int>()
        try await synthesizer.speak(
            SpeechRequest(clause: 0, text: "Hi.", voice: .named("marin"), speed: 1),
            onAudio: { audio in blocks.append([audio.samples.count]) })
        #expect(blocks.value.allSatisfy { $0 <= 24_000 })
        #expect(abs(blocks.value.reduce(0, +) - 60_000) < 30)
        #expect(server.request.contains(#""voice":"af_sky","response_format":"opus"}"#))
        try await server.stop()
    }

    @Test("A voice that answers with words instead of sound fails")
    func voiceOfWords() async throws {
        let server = try await CannedServer(CannedServer.ok("application/json", #"{"detail":"no such voice"}"#))
        let synthesizer = RemoteSynthesizer(RemoteEndpoint(base: server.base, model: "m"), speaker: nil)
        let failure = await #expect(throws: EngineFailure.self) {
            try await synthesizer.speak(
                SpeechRequest(clause: 0, text: "Hi.", voice: .named("marin"), speed: 1), onAudio: { _ in })
        }
        #expect(failure?.code == "engine_unreadable")
        #expect(failure?.message.contains("no such voice") == false)
        try await server.stop()
    }

    @Test("A voice's raw PCM is the sound, at the speed and with the voice that were asked for")
    func voice() async throws {
        let server = try await CannedServer(CannedServer.ok("audio/pcm", String(repeating: "\u{1}\u{2}", count: 240)))
        let synthesizer = RemoteSynthesizer(RemoteEndpoint(base: server.base, model: "kokoro"), speaker: nil)
        let sound = Collected<Int16>()
        try await synthesizer.speak(
            SpeechRequest(clause: 0, text: "Hi.", voice: .named("marin"), speed: 1.5),
            onAudio: { audio in sound.append(audio.samples) })
        #expect(sound.value == [Int16](repeating: 0x0201, count: 240))
        #expect(server.request.contains(#""input":"Hi.","voice":"marin","response_format":"pcm","speed":1.5"#))
        try await server.stop()
    }

    @Test(
        "An address is http or https with a host; the path may be left out",
        arguments: [
            ("http://localhost:11434#qwen2.5:7b", "http://localhost:11434/v1", "qwen2.5:7b"),
            ("https://api.example/openai/v1/#m", "https://api.example/openai/v1", "m"),
            ("http://[::1]:8000/v1", "http://[::1]:8000/v1", ""),
        ])
    func address(text: String, base: String, model: String) {
        let endpoint = RemoteEndpoint(text, key: nil)
        #expect(endpoint?.base == base)
        #expect(endpoint?.model == model)
    }

    @Test(
        "Any other address is refused",
        arguments: ["", "localhost:80", "ftp://a/v1#m", "http://u:p@a/v1#m", "http:///v1"])
    func badAddress(text: String) {
        #expect(RemoteEndpoint(text, key: nil) == nil)
    }

    private func ask(
        _ server: CannedServer
    ) async throws -> (outputs: [ModelOutput], usage: ModelUsage?) {
        let model = RemoteLanguageModel(RemoteEndpoint(base: server.base, model: "m", key: Credential("secret")))
        let outputs = Collected<ModelOutput>()
        let request = ModelRequest(
            instructions: "", items: [], tools: [], toolChoice: .auto, parallelToolCalls: nil, reasoningEffort: nil,
            maxOutputTokens: .infinite, outputModality: .text)
        let (_, usage) = try await model.respond(to: request, onOutput: { output in outputs.append([output]) })
        return (outputs.value, usage)
    }
}

/// What came, in order.
private final class Collected<Element: Sendable>: Sendable {
    private let box = NIOLockedValueBox<[Element]>([])

    var value: [Element] { box.withLockedValue { $0 } }

    func append(_ elements: [Element]) { box.withLockedValue { $0 += elements } }
}
