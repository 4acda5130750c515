import RealtimeProtocol
import SessionEngine
import SpeechEngines
import Testing
import VoiceSession

@Suite("Pipeline session", .timeLimit(.minutes(1)))
struct PipelineSessionTests {
    @Test("A text turn: the model's words come back as events, and the session ends when the client leaves")
    func textTurn() async {
        let test = SessionUnderTest { $0.outputModality = .text }
        await test.run(RecordingTransport()) { client in
            await client.next("session.created")
            client.give(
                #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}}"#
            )
            client.give(#"{"type":"response.create"}"#)
            let call = await test.engine.model.called()
            #expect(call.request.items.count == 1)
            await call.do(.say(.text("Hello.")))
            #expect(await client.next("response.output_text.delta").contains("Hello."))
            call.go(.end(.stop))
            #expect(await client.next("response.done").contains("\"status\":\"completed\""))
        }
    }
}
