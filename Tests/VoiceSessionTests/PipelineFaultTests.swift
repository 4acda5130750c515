import AudioPipeline
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import Testing

@testable import VoiceSession

@Suite("Pipeline session: stages that fail", .timeLimit(.minutes(1)))
struct PipelineFaultTests {
    private static let word = SynthesizedAudio(samples: [Int16](repeating: 5, count: 480), words: [])
    private static let respond = #"{"type":"response.create"}"#

    @Test("A language model that hangs is given up: an apology is spoken, and the next turn is answered")
    func modelHangs() async {
        let test = SessionUnderTest(apology: "Sorry.")
        await test.run(RecordingTransport()) { client in
            client.give(Self.respond)
            _ = await test.engine.model.called()
            await test.clock.sleepers(1)
            test.clock.advance(by: .seconds(30))
            await test.engine.model.cancelled()
            let apology = await test.engine.voice.called()
            #expect(apology.request.text == "Sorry.")
            await apology.do(.say(Self.word))
            apology.go(.end)
            let done = await client.next("response.done")
            #expect(done.contains(#""status":"failed""#) && done.contains("stage_timeout") && done.contains("Sorry."))
            await Self.isAnswered(test, client)
        }
    }

    @Test("A voice that hangs is given up: the text is told, and the next turn is spoken")
    func voiceHangs() async {
        let test = SessionUnderTest()
        await test.run(RecordingTransport()) { client in
            client.give(Self.respond)
            let model = await test.engine.model.called()
            model.go(.say(.text("One. ")))
            model.go(.end(.stop))
            _ = await test.engine.voice.called()
            await test.clock.sleepers(1)
            test.clock.advance(by: .seconds(30))
            await test.engine.voice.cancelled()
            let done = await client.next("response.done")
            #expect(done.contains(#""status":"failed""#) && done.contains("stage_timeout") && done.contains("One."))
            await Self.isAnswered(test, client)
        }
    }

    private static func isAnswered(_ test: SessionUnderTest, _ client: RecordingTransport) async {
        client.give(respond)
        let model = await test.engine.model.called()
        model.go(.say(.text("Here I am.")))
        model.go(.end(.stop))
        let voice = await test.engine.voice.called()
        await voice.do(.say(word))
        voice.go(.end)
        let done = await client.next("response.done")
        #expect(done.contains(#""status":"completed""#) && done.contains("Here I am."))
    }
}
