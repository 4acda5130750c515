import InMemoryTracing
import RealtimeProtocol
import SessionEngine
import Testing
import Tracing

@testable import VoiceSession

@Suite("Traces of turns")
struct TurnTraceTests {
    private let tracer = InMemoryTracer()
    private let part = PartAddress(
        item: ItemAddress(response: ResponseID("r"), item: ItemID("i"), outputIndex: 0), contentIndex: 0)

    private func trace() throws -> TurnTrace { try #require(TurnTrace(session: "s", model: "m", tracer: tracer)) }

    private func response(_ status: Response.Status, usage: Usage? = nil) -> Response {
        Response(
            id: ResponseID("r"), status: status, output: [], conversationID: nil, outputModality: .audio,
            maxOutputTokens: .infinite, outputFormat: .pcm, voice: .named("v"), usage: usage, metadata: nil)
    }

    private func note(_ trace: inout TurnTrace, _ events: ServerEvent...) { for event in events { trace.note(event) } }

    /// Names in the order of their ends, each behind those it stands in.
    private var finished: [String] {
        let spans = tracer.finishedSpans
        func path(_ span: FinishedInMemorySpan) -> String {
            guard let parent = spans.first(where: { $0.spanID == span.parentSpanID }) else { return span.operationName }
            return path(parent) + "/" + span.operationName
        }
        return spans.map(path)
    }

    @Test("A spoken turn is one trace: speech, recognition, and a response whose model and voice end with their first")
    func spoken() throws {
        var trace = try trace()
        note(
            &trace, .inputAudioBufferSpeechStarted(ItemID("i"), audioStartMs: 0),
            .inputAudioBufferSpeechStopped(ItemID("i"), audioEndMs: 900), .responseCreated(response(.inProgress)),
            .inputAudioTranscriptionCompleted(
                ItemID("i"), contentIndex: 0, transcript: "secret", usage: .duration(seconds: 1)),
            .outputAudioTranscriptDelta(part, "secret", words: []), .outputAudioBufferStarted(ResponseID("r")),
            .outputAudioTranscriptDelta(part, "secret", words: []),
            .responseDone(response(.completed, usage: Usage(input: .init(text: 7), output: .init(text: 2, audio: 3)))))
        #expect(
            finished == [
                "turn/speech", "turn/recognition", "turn/response/language_model", "turn/response/voice",
                "turn/response",
                "turn",
            ])
        #expect(Set(tracer.finishedSpans.map(\.traceID)).count == 1)
        let done = try #require(tracer.finishedSpans.first { $0.operationName == "response" })
        #expect(done.attributes["response.status"]?.toSpanAttribute() == .string("completed"))
        #expect(done.attributes["gen_ai.usage.input_tokens"]?.toSpanAttribute() == .int64(7))
        #expect(done.attributes["gen_ai.usage.output_tokens"]?.toSpanAttribute() == .int64(5))
        #expect(tracer.activeSpans.isEmpty)
        for span in tracer.finishedSpans {
            #expect(span.attributes["session.id"]?.toSpanAttribute() == .string("s"))
            #expect(!"\(span)".contains("secret"))
        }
    }

    @Test("Speech over an answer ends that turn and begins the next; a pause within one does neither")
    func interrupted() throws {
        var trace = try trace()
        let started = ServerEvent.inputAudioBufferSpeechStarted(ItemID("i"), audioStartMs: 0)
        let stopped = ServerEvent.inputAudioBufferSpeechStopped(ItemID("i"), audioEndMs: 900)
        note(&trace, started, stopped, started, stopped)
        #expect(finished.filter { $0 == "turn" }.isEmpty)
        note(&trace, .responseCreated(response(.inProgress)), started)
        #expect(finished.count { $0 == "turn" } == 1)
        trace.end()
        #expect(finished.count { $0 == "turn" } == 2)
        #expect(tracer.activeSpans.isEmpty)
    }

    @Test(
        "A response that the client asked for is a turn of its own; one that fails is marked, and an error is told by its code"
    )
    func asked() throws {
        var trace = try trace()
        note(
            &trace, .responseCreated(response(.inProgress)),
            .error(ProtocolError(.server, code: "engine_error", "secret")),
            .responseDone(response(.failed(.init(code: "engine_error", message: "secret")))))
        let failed = try #require(tracer.finishedSpans.first { $0.operationName == "response" })
        #expect(failed.status?.code == .error)
        let turn = try #require(tracer.finishedSpans.first { $0.operationName == "turn" })
        #expect(turn.events.map(\.name) == ["error"])
        #expect(turn.events.first?.attributes["code"]?.toSpanAttribute() == .string("engine_error"))
    }

    @Test("Without a tracer there is no trace")
    func none() {
        #expect(TurnTrace(session: "s", model: "m", tracer: NoOpTracer()) == nil)
    }
}
