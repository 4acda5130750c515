import AudioPipeline
import RealtimeProtocol
import SessionEngine
import TestKit
import Testing

@testable import SpeechEngines

@Suite("Servers that fail, and others behind them", .timeLimit(.minutes(1))) struct RemoteFaultTests {
    private static let busy = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
    /// What a server of any stage may answer in place of its work.
    static let refusals: [String?] = [
        nil, busy, "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n", "no HTTP at all\r\n\r\n",
        // Less than was promised.
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{\"text\": \"Well",
    ]
    private static let request = ModelRequest(
        instructions: "", items: [], tools: [], toolChoice: .auto, parallelToolCalls: nil, reasoningEffort: nil,
        maxOutputTokens: .infinite, outputModality: .text)

    @Test("Where a language model's server refuses, the next answers", arguments: refusals)
    func language(answer: String?) async throws {
        let server = try await CannedServer(answer)
        #expect(try await Self.ask(Self.mixed(server)) == ["Here."])
        try await server.stop()
    }

    @Test(
        "Where it answers what is no answer, the next does",
        arguments: ["data: {\n\n", "<html>It works!</html>", #"data: {"error":{"message":"no"}}"# + "\n\n", ""])
    func junk(body: String) async throws {
        let server = try await CannedServer(CannedServer.ok("text/event-stream", body))
        #expect(try await Self.ask(Self.mixed(server)) == ["Here."])
        try await server.stop()
    }

    @Test("A server that begins an answer and says no more of it is left at its deadline, with or without a head")
    func stalled() async throws {
        for answer in ["", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: wait\n\n"] {
            let clock = ManualClock()
            let server = try await CannedServer(answer, closes: false)
            let model = Self.mixed(server, deadline: .seconds(3), clock: clock)
            async let said = Self.ask(model)
            await clock.sleepers(1)
            clock.advance(by: .seconds(3))
            #expect(try await said == ["Here."])
            try await server.stop()
        }
    }

    @Test("What was said before a stream was cut is not said again by another")
    func cut() async throws {
        let server = try await CannedServer(
            CannedServer.ok("text/event-stream", #"data: {"choices":[{"delta":{"content":"Hi"}}]}"# + "\n\n"))
        let behind = PuppetModel { say in await say("Here.") }
        let model = MixedLanguageModel(
            engine: "x",
            [MixedServer(RemoteLanguageModel(RemoteEndpoint(base: server.base, model: "m"))), MixedServer(behind)])
        let failure = await #expect(throws: EngineFailure.self) { try await Self.ask(model) }
        #expect(failure?.code == "engine_unreachable")
        #expect(behind.asked == 0)
        try await server.stop()
    }

    @Test("An answer without end is ended")
    func endless() async throws {
        let words =
            #"data: {"choices":[{"delta":{"content":"\#(String(repeating: "and on ", count: 1_000))"}}]}"# + "\n\n"
        let server = try await CannedServer(
            CannedServer.ok("text/event-stream", String(repeating: words, count: 80)), closes: false)
        let model = MixedLanguageModel(
            engine: "x", [MixedServer(RemoteLanguageModel(RemoteEndpoint(base: server.base, model: "m")))])
        let failure = await #expect(throws: EngineFailure.self) { try await Self.ask(model) }
        #expect(failure == EngineFailure(code: "engine_error", message: "The language model answered without end."))
        try await server.stop()
    }

    @Test("Where a recogniser's server refuses, the next hears", arguments: refusals)
    func recogniser(answer: String?) async throws {
        let server = try await CannedServer(answer)
        let mixed = MixedTranscriber(
            engine: "x",
            [
                MixedServer(RemoteTranscriber(RemoteEndpoint(base: server.base, model: "w"))),
                MixedServer(StillTranscriber()),
            ])
        let transcript = try await mixed.transcribe([Int16](repeating: 0, count: 16_000), nil, onDelta: { _ in })
        #expect(transcript.text == "Heard.")
        try await server.stop()
    }

    @Test("Where a voice's server refuses, the next speaks the clause", arguments: refusals.dropLast())
    func voice(answer: String?) async throws {
        let server = try await CannedServer(answer)
        let mixed = MixedSynthesizer(
            engine: "x",
            [
                MixedServer(RemoteSynthesizer(RemoteEndpoint(base: server.base, model: "v"), speaker: nil)),
                MixedServer(HummingSynthesizer()),
            ])
        let sound = PosixLock<[Int16]>([])
        try await mixed.speak(SpeechRequest(clause: 0, text: "Hi.", voice: .named("marin"), speed: 1)) { audio in
            sound.withLock { $0 += audio.samples }
        }
        #expect(sound.withLock { $0 } == HummingSynthesizer.hum)
        try await server.stop()
    }

    @Test("Retry-After and the kind of refusal are kept")
    func codes() async throws {
        let expected = ["engine_overloaded": Duration.seconds(7), "engine_request_refused": nil]
        for (answer, code) in [(Self.refusals[1], "engine_overloaded"), (Self.refusals[3], "engine_request_refused")] {
            let server = try await CannedServer(answer)
            let model = RemoteLanguageModel(RemoteEndpoint(base: server.base, model: "m"))
            let failure = await #expect(throws: EngineFailure.self) { try await Self.ask(model) }
            #expect(failure?.code == code)
            #expect(failure?.retryAfter == expected[code] ?? nil)
            try await server.stop()
        }
    }

    @Test("A Retry-After that is a date counts like seconds")
    func retryAfterDate() async throws {
        let server = try await CannedServer(
            "HTTP/1.1 503 Later\r\nDate: Sun, 06 Nov 1994 08:49:07 GMT\r\n"
                + "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n")
        let model = RemoteLanguageModel(RemoteEndpoint(base: server.base, model: "m"))
        let failure = await #expect(throws: EngineFailure.self) { try await Self.ask(model) }
        #expect(failure?.retryAfter == .seconds(30))
        try await server.stop()
    }

    @Test("A connection opened ahead says who is not there, and minds nothing else")
    func connect() async throws {
        for (answer, code) in [
            (CannedServer.ok("application/json", "{}"), nil),
            ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", nil),
            ("HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n", "engine_unauthorized"),
        ] as [(String, String?)] {
            let server = try await CannedServer(answer)
            let endpoint = RemoteEndpoint(base: server.base, model: "m")
            #expect(await endpoint.connect()?.code == code)
            try await server.stop()
            #expect(await endpoint.connect()?.code == "engine_unreachable")
        }
    }

    private static func mixed(
        _ server: CannedServer, deadline: Duration? = nil, clock: any MonotonicClock = ContinuousClock()
    ) -> MixedLanguageModel {
        var limits = ServerLimits()
        limits.firstOutput = deadline
        let behind = PuppetModel { say in await say("Here.") }
        return MixedLanguageModel(
            engine: "x",
            [
                MixedServer(RemoteLanguageModel(RemoteEndpoint(base: server.base, model: "m")), limits),
                MixedServer(behind, limits),
            ], clock: clock)
    }

    private static func ask(_ model: any LanguageModel) async throws -> [String] {
        let said = PosixLock<[String]>([])
        _ = try await model.respond(to: request) { output in
            if case .text(let text) = output { said.withLock { $0.append(text) } }
        }
        return said.withLock { $0 }
    }
}

private struct StillTranscriber: Transcriber {
    func transcribe(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?, onDelta: @Sendable (String) async -> Void
    ) async throws(EngineFailure) -> Transcript {
        Transcript(text: "Heard.", usage: .duration(seconds: 1))
    }
}

private struct HummingSynthesizer: Synthesizer {
    static let hum = [Int16](repeating: 100, count: 240)

    func speak(
        _ request: SpeechRequest, onAudio: @Sendable (SynthesizedAudio) async -> Void
    ) async throws(EngineFailure) {
        await onAudio(SynthesizedAudio(samples: Self.hum, words: []))
    }
}
