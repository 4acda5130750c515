import AudioPipeline
import InMemoryTracing
import Logging
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import Testing
import Tracing
import VoiceSession

@Suite("Upstream session")
struct UpstreamSessionTests {
    private let upstream = FakeUpstream()
    private let clock = ManualClock()

    private func makeSession(
        _ kind: SessionConfiguration.Kind = .realtime, _ tracer: any Tracer = NoOpTracer()
    ) throws -> UpstreamSession {
        let endpoint = try #require(UpstreamEndpoint("ws://localhost:9/v1/realtime#big"))
        return UpstreamSession(
            machine: UpstreamMachineConfiguration(
                session: SessionID("sess_ours"), initial: SessionConfiguration(kind: kind, model: "mine"),
                startedAt: 0), isTranscription: kind == .transcription, endpoints: [endpoint], connector: upstream,
            prices: SessionPrices(), clock: clock, tracer: tracer, logger: Logger(label: "test"))
    }

    private func run(
        _ transport: RecordingTransport, kind: SessionConfiguration.Kind = .realtime,
        tracer: any Tracer = NoOpTracer(),
        _ body: () async throws -> Void
    ) async throws {
        let session = try makeSession(kind, tracer)
        let running = Task { await session.run(transport) }
        do { try await body() } catch {
            transport.give(.departed(.goodbye))
            await running.value
            throw error
        }
        transport.give(.departed(.goodbye))
        await running.value
    }

    /// So many samples of silence as base64.
    private func audio(samples: Int) -> String {
        String(decoding: RelayedEvent(appending: [Int16](repeating: 0, count: samples)).bytes, as: UTF8.self)
            .split(separator: "\"").last { $0.count > 8 }.map(String.init) ?? ""
    }

    private func answer(_ socket: FakeUpstreamSocket, samples: Int) {
        socket.say(#"{"type":"response.created","response":{"id":"r1"}}"#)
        socket.say(
            #"{"type":"conversation.item.added","item":{"id":"i1","type":"message","role":"assistant","content":[]}}"#)
        socket.say(
            #"{"type":"response.output_audio.delta","response_id":"r1","item_id":"i1","content_index":0,"delta":"\#(audio(samples: samples))"}"#
        )
    }

    @Test("Clients of sessions that are cancelled are told of the shutdown, whichever task hears of it first")
    func shutdown() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 1...200 {
                group.addTask {
                    let session = try makeSession()
                    let transport = RecordingTransport()
                    let running = Task { await session.run(transport) }
                    await upstream.nextSocket().greet()
                    running.cancel()
                    await running.value
                    #expect(transport.closeReasons.first == .shutdown)
                }
            }
        }
    }

    @Test("A client on a WebSocket and the upstream hear each other, the name of the session apart")
    func passThrough() async throws {
        let transport = RecordingTransport()
        try await run(transport) {
            let socket = await upstream.nextSocket()
            socket.greet()
            let created = await transport.next("session.created")
            #expect(created.contains("sess_ours") && !created.contains("sess_up"))
            #expect(created.contains(#""event_id":"event_"#))
            transport.give(#"{"type":"response.create","event_id":"c1"}"#)
            #expect(await socket.next("response.create") == #"{"type":"response.create","event_id":"c1"}"#)
            let delta = #"{"type":"response.output_audio.delta","event_id":"e1","delta":"AAAA"}"#
            socket.say(delta)
            #expect(await transport.next("response.output_audio.delta") == delta)
            #expect(upstream.targets == ["/v1/realtime?model=big"])
        }
        #expect(transport.closeReasons == [.clientLeft] || transport.closeReasons == [])
    }

    @Test("A turn is a trace by the events that pass, with the names it has everywhere, and without words")
    func trace() async throws {
        let tracer = InMemoryTracer()
        let transport = RecordingTransport()
        try await run(transport, tracer: tracer) {
            let socket = await upstream.nextSocket()
            socket.greet()
            for event in [
                #"{"type":"input_audio_buffer.speech_started","item_id":"u1"}"#,
                #"{"type":"input_audio_buffer.speech_stopped","item_id":"u1"}"#,
                #"{"type":"response.created","response":{"id":"r1"}}"#,
                #"{"type":"conversation.item.input_audio_transcription.completed","item_id":"u1","transcript":"secret"}"#,
                #"{"type":"response.output_audio_transcript.delta","response_id":"r1","item_id":"i1","delta":"secret"}"#,
                #"{"type":"response.output_audio.delta","response_id":"r1","item_id":"i1","delta":"AAAA"}"#,
                #"{"type":"error","error":{"code":"odd","message":"secret"}}"#,
                #"{"type":"response.done","response":{"id":"r1","status":"completed","usage":{"input_tokens":7,"output_tokens":5}}}"#,
                #"{"type":"input_audio_buffer.speech_started","item_id":"u2"}"#,
            ] { socket.say(event) }
            await transport.next("response.done")
            await transport.next("input_audio_buffer.speech_started")
        }
        let spans = tracer.finishedSpans
        #expect(
            spans.map(\.operationName) == [
                "speech", "recognition", "language_model", "voice", "response", "turn",
                // The session ended while the next was spoken.
                "speech", "turn",
            ])
        #expect(Set(spans.prefix(6).map(\.traceID)).count == 1 && tracer.activeSpans.isEmpty)
        let done = try #require(spans.first { $0.operationName == "response" })
        #expect(done.attributes["response.status"]?.toSpanAttribute() == .string("completed"))
        #expect(done.attributes["gen_ai.usage.input_tokens"]?.toSpanAttribute() == .int64(7))
        #expect(done.attributes["gen_ai.usage.output_tokens"]?.toSpanAttribute() == .int64(5))
        let turn = try #require(spans.first { $0.operationName == "turn" })
        #expect(turn.events.first?.attributes["code"]?.toSpanAttribute() == .string("odd"))
        for span in spans {
            #expect(span.attributes["session.id"]?.toSpanAttribute() == .string("sess_ours"))
            #expect(span.attributes["gen_ai.request.model"]?.toSpanAttribute() == .string("mine"))
            #expect(!"\(span)".contains("secret"))
        }
    }

    @Test("A transcription session asks for one")
    func transcription() async throws {
        try await run(RecordingTransport(), kind: .transcription) {
            let socket = await upstream.nextSocket()
            socket.greet()
            #expect(await socket.next("session.update")?.contains(#""type":"transcription""#) == true)
            #expect(upstream.targets == ["/v1/realtime?intent=transcription"])
        }
    }

    @Test("What a peer says goes up as PCM at 24 kHz, with silence where packets are missing")
    func speech() async throws {
        let media = RecordingMedia()
        try await run(RecordingTransport(kind: .peer, media: media)) {
            let socket = await upstream.nextSocket()
            socket.greet()
            media.say([Int16](repeating: 7, count: 480), at: 0)
            #expect(
                await socket.next("input_audio_buffer.append")
                    == String(decoding: RelayedEvent(appending: [Int16](repeating: 7, count: 480)).bytes, as: UTF8.self)
            )
            media.say([Int16](repeating: 7, count: 480), at: 1_920)
            let gap = [Int16](repeating: 0, count: 480) + [Int16](repeating: 7, count: 480)
            #expect(
                await socket.next("input_audio_buffer.append")
                    == String(decoding: RelayedEvent(appending: gap).bytes, as: UTF8.self))
        }
    }

    @Test("An interruption on a peer: what was played is what the upstream is told")
    func interruption() async throws {
        let media = RecordingMedia()
        let transport = RecordingTransport(kind: .peer, media: media)
        try await run(transport) {
            let socket = await upstream.nextSocket()
            socket.greet()
            // Ten seconds, of which the playout holds five.
            answer(socket, samples: 120_000)
            await transport.next("response.created")
            var played = 0
            while played < 50 {
                played += media.play(frames: 1).count
                await Task.yield()
            }
            await transport.next("output_audio_buffer.started")
            socket.say(#"{"type":"input_audio_buffer.speech_started","item_id":"i2"}"#)
            await transport.next("output_audio_buffer.cleared")
            let truncation = await socket.next("conversation.item.truncate")
            #expect(truncation?.contains(#""item_id":"i1","content_index":0,"audio_end_ms":1000"#) == true)
            let late = Array(media.play(frames: 5).joined())
            #expect(late.isEmpty)
            #expect(transport.count("response.output_audio.delta") == 0)
        }
    }

    @Test("An upstream that goes in the middle of an answer: the client hears its end, and an answer from the next one")
    func cut() async throws {
        let transport = RecordingTransport()
        try await run(transport) {
            let first = await upstream.nextSocket()
            first.greet()
            answer(first, samples: 480)
            await transport.next("response.output_audio.delta")
            first.cut()
            #expect(await transport.next("response.done").contains(#""status":"failed""#))
            let second = await upstream.nextSocket()
            second.greet()
            #expect(await second.next("response.create") != nil)
            second.say(#"{"type":"response.created","response":{"id":"r2"}}"#)
            #expect(await transport.next("response.created").contains("r2"))
            #expect(transport.count("session.created") == 1)
        }
    }

    @Test("A refused upstream is told in words, and ends the session")
    func refused() async throws {
        upstream.refuse(EngineFailure(code: "engine_unauthorized", message: "No."))
        let transport = RecordingTransport()
        try await run(transport) {
            #expect(await transport.next("error").contains("engine_unauthorized"))
        }
        #expect(transport.closeReasons.contains(.internalError("upstream: engine_unauthorized")))
    }

    @Test("Junk of an upstream is left out")
    func junk() async throws {
        let transport = RecordingTransport()
        try await run(transport) {
            let socket = await upstream.nextSocket()
            socket.greet()
            socket.say("{")
            socket.say("[1]")
            socket.say(#"{"type":"fine"}"#)
            await transport.next("session.created")
            #expect(await transport.nextEvent().contains("fine"))
        }
    }

    @Test("A client of the beta dialect is refused in words")
    func beta() async throws {
        let transport = RecordingTransport(profile: ClientProfile(dialect: .beta))
        try await run(transport) {
            #expect(await transport.next("error").contains("beta_not_supported"))
        }
    }

    @Test("Audio that is too long for one message of the client comes in pieces")
    func pieces() async throws {
        let transport = RecordingTransport(maxMessageBytes: 1_000)
        try await run(transport) {
            let socket = await upstream.nextSocket()
            socket.greet()
            answer(socket, samples: 2_000)
            socket.say(#"{"type":"last"}"#)
            await transport.next("last")
            #expect(transport.count("response.output_audio.delta") > 4)
            socket.say(
                #"{"type":"conversation.item.retrieved","item":{"content":[{"transcript":"Hi","audio":"\#(audio(samples: 2_000))"}]}}"#
            )
            #expect(await transport.next("conversation.item.retrieved").contains(#"[{"transcript":"Hi"}]"#))
            #expect(transport.sent.allSatisfy { $0.text.utf8.count <= 1_000 })
        }
    }
}

@Suite("Upstream endpoint")
struct UpstreamEndpointTests {
    @Test("An address is taken apart, with its query and without a model")
    func addresses() throws {
        let hosted = try #require(UpstreamEndpoint("wss://api.example.com/v1/realtime#gpt-realtime"))
        #expect(hosted.host == "api.example.com" && hosted.port == 443 && hosted.isSecure)
        #expect(hosted.target(isTranscription: false) == "/v1/realtime?model=gpt-realtime")
        let azure = try #require(
            UpstreamEndpoint("wss://x.openai.azure.com/v1/realtime?version=1&deployment=d", key: Credential("k")))
        #expect(azure.target(isTranscription: false) == "/v1/realtime?version=1&deployment=d")
        #expect(azure.authorization?.name == "api-key")
        let local = try #require(UpstreamEndpoint("ws://[::1]:8080"))
        #expect(local.host == "::1" && local.port == 8080 && !local.isSecure)
        #expect(local.target(isTranscription: true) == "/v1/realtime?intent=transcription")
    }

    @Test(
        "What is no address of a WebSocket is refused",
        arguments: ["http://x/v1#m", "wss://", "wss://me:you@x#m", "x", ""])
    func noAddress(_ text: String) { #expect(UpstreamEndpoint(text) == nil) }

    @Test("The key is in no description")
    func hiddenKey() throws {
        let endpoint = try #require(UpstreamEndpoint("ws://x#m", key: Credential("sk-secret")))
        #expect(!"\(endpoint)".contains("sk-secret"))
        #expect(!String(reflecting: endpoint).contains("sk-secret"))
    }
}
