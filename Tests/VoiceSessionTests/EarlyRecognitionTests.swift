import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import Testing

@testable import VoiceSession

@Suite("Pipeline session: a turn before its end", .timeLimit(.minutes(1)))
struct EarlyRecognitionTests {
    private static let tone = (0..<24_000).map { Int16($0 % 30 < 15 ? 8_000 : -8_000) }
    private static let speech = question(until: 480, silentSince: nil)
    private static let pause = question(until: 960, silentSince: 640)

    private static func question(until ms: Int, silentSince: Int?) -> RecognitionRequest {
        RecognitionRequest(
            item: ItemID("item_1"), range: AudioPosition(ms: 0)..<AudioPosition(ms: ms),
            silentSince: silentSince.map { AudioPosition(ms: $0) })
    }

    /// A machine that asks `questions` once there is sound.
    private func asking(_ questions: [RecognitionRequest]) -> ScriptedMachine {
        ScriptedMachine { input in
            if case .audio = input { return questions.map { .recognise($0, nil) } }
            if case .detached = input { return [.closed(.clientLeft)] }
            return []
        }
    }

    private func answer(_ log: ScriptedMachine.Log) async -> SessionInput {
        await log.next { if case .recognised = $0 { true } else { false } }
    }

    @Test("The transcript of a turn is there with its end, from one run in the pause before it")
    func final() async {
        var engine = SuspendedEngine()
        engine.recognisesEarly = true
        let test = SessionUnderTest(engine: engine) {
            $0.input.transcription = TranscriptionConfiguration(model: "whisper-1")
        }
        await test.run(RecordingTransport()) { client in
            client.append(Self.tone + [Int16](repeating: 0, count: 24_000))
            let heard = await engine.recogniser.called()
            #expect(heard.request.count > 16_000 && heard.request.count < 24_000)
            heard.go(.end("good day"))
            #expect(await client.next("conversation.item.input_audio_transcription.completed").contains("good day"))
            await engine.model.called().go(.end(.stop))
            await client.next("response.done")
        }
    }

    @Test("In the middle of speech the recogniser is asked in passing, in a pause as for a transcript")
    func kinds() async {
        let engine = SuspendedEngine()
        for (question, stage) in [(Self.speech, engine.glimpse), (Self.pause, engine.recogniser)] {
            let machine = asking([question])
            await SessionUnderTest(machine: machine, engine: engine).run(RecordingTransport()) { client in
                client.append(Self.tone)
                let call = await stage.called()
                #expect(call.request.count == question.range.upperBound.ms * 16)
                call.go(.end("so far"))
                #expect(
                    await answer(machine.log)
                        == .recognised(question.item, until: question.range.upperBound, "so far"))
            }
        }
    }

    @Test("A failure is an answer without words, so that the machine can ask again")
    func failure() async {
        let machine = asking([Self.pause])
        let test = SessionUnderTest(machine: machine)
        await test.run(RecordingTransport()) { client in
            client.append(Self.tone)
            await test.engine.recogniser.called().go(.fail(EngineFailure(code: "broken", message: "m")))
            #expect(
                await answer(machine.log) == .recognised(Self.pause.item, until: Self.pause.range.upperBound, nil))
        }
    }

    @Test("A pause takes the place of a question about the speech before it")
    func replaced() async {
        let machine = asking([Self.speech, Self.pause])
        let test = SessionUnderTest(machine: machine)
        await test.run(RecordingTransport()) { client in
            client.append(Self.tone)
            await test.engine.recogniser.called().go(.end("whole"))
            #expect(
                await answer(machine.log) == .recognised(Self.pause.item, until: Self.pause.range.upperBound, "whole"))
        }
        let answers = machine.log.all.count { if case .recognised = $0 { true } else { false } }
        #expect(answers == 1)
    }

    @Test("Who waits for the words of a pause gets them when they are known; another pause has none")
    func pauseTranscript() async throws {
        let machine = asking([Self.pause])
        let test = SessionUnderTest(machine: machine)
        let since = try #require(Self.pause.silentSince)
        await test.run(RecordingTransport()) { client in
            client.append(Self.tone)
            let run = await test.engine.recogniser.called()
            async let words = test.session.turnTranscript(silentSince: since)
            #expect(await test.session.turnTranscript(silentSince: AudioPosition(ms: 320)) == nil)
            run.go(.end("so far"))
            #expect(await words == "so far")
            #expect(await test.session.turnTranscript(silentSince: since) == "so far")
        }
    }

    @Test("Who waits for words when the session ends gets none")
    func endsWaiting() async throws {
        let machine = asking([Self.pause])
        let test = SessionUnderTest(machine: machine)
        let since = try #require(Self.pause.silentSince)
        var waiting: Task<String?, Never>?
        await test.run(RecordingTransport()) { client in
            client.append(Self.tone)
            _ = await test.engine.recogniser.called()
            waiting = Task { await test.session.turnTranscript(silentSince: since) }
        }
        #expect(await waiting?.value == nil)
    }
}
