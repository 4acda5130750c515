import AudioPipeline
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import Testing

@testable import VoiceSession

@Suite("Pipeline session: sound in", .timeLimit(.minutes(1)))
struct PipelineInputTests {
    private static let tone = (0..<24_000).map { Int16($0 % 30 < 15 ? 8_000 : -8_000) }

    @Test("Speech and silence appended as PCM become a turn, its transcript and a response")
    func turn() async {
        let test = SessionUnderTest { $0.input.transcription = TranscriptionConfiguration() }
        await test.run(RecordingTransport()) { client in
            client.append(Self.tone + [Int16](repeating: 0, count: 24_000))
            await client.next("input_audio_buffer.speech_started")
            await client.next("input_audio_buffer.committed")
            let heard = await test.engine.recogniser.called()
            #expect(heard.request.count > 16_000 && heard.request.count < 32_000)
            await heard.do(.delta("good "))
            heard.go(.end("good day"))
            #expect(
                await client.next("conversation.item.input_audio_transcription.completed").contains("good day"))
            let call = await test.engine.model.called()
            call.go(.end(.stop))
            await client.next("response.done")
        }
        #expect(test.engine.activity.windows.allSatisfy { $0.count == voiceActivityWindow })
    }

    @Test("Connections are opened with the session, and again when somebody begins to speak")
    func connections() async {
        let test = SessionUnderTest()
        await test.run(RecordingTransport()) { client in
            var opened = test.engine.connections.stream.makeAsyncIterator()
            await opened.next()
            client.append(Self.tone)
            await client.next("input_audio_buffer.speech_started")
            await opened.next()
        }
    }

    @Test("A language that the recogniser does not know is served, and logged once")
    func unknownLanguage() async {
        let test = SessionUnderTest {
            $0.input.turnDetection = nil
            $0.input.transcription = TranscriptionConfiguration(language: "fr")
        }
        await test.run(RecordingTransport()) { client in
            for _ in 0..<2 {
                client.append(Self.tone)
                client.give(#"{"type":"input_audio_buffer.commit"}"#)
                let heard = await test.engine.recogniser.called()
                heard.go(.end("bon jour"))
                await client.next("conversation.item.input_audio_transcription.completed")
            }
        }
        #expect(test.notices.withLock { $0 } == ["The recogniser does not know this language known=en language=fr"])
    }

    @Test("A pause is judged by its words, which are recognised once though it is judged again")
    func judged() async {
        let detector = ReadingDetector()
        let test = SessionUnderTest(engine: SuspendedEngine(turnDetector: detector, recognisesEarly: true)) {
            $0.input.turnDetection = .semantic(SemanticVAD(eagerness: .high))
        }
        await test.run(RecordingTransport()) { client in
            client.append(Self.tone)
            await client.next("input_audio_buffer.speech_started")
            client.append([Int16](repeating: 0, count: 6_000))
            let first = await test.engine.recogniser.called()
            // A second of speech, and 200 ms of the pause.
            #expect((18_000...20_000).contains(first.request.count))
            await first.do(.end("What I mean is"))
            client.append([Int16](repeating: 0, count: 24_000 * 2))
            await client.next("input_audio_buffer.speech_stopped")
        }
        #expect(detector.asked.map(\.silenceMs).prefix(2) == [224, 320])
        #expect(detector.asked.map(\.pauseMs).prefix(2) == [224, 400])
        #expect(detector.asked.allSatisfy { $0.spoken.count > 15_000 && $0.spoken.count < 17_000 })
    }

    @Test("Noise reduction stands before voice activity and recogniser, and long audio stays in order behind it")
    func noiseReduction() async {
        let test = SessionUnderTest(engine: SuspendedEngine(noiseReducer: Silencer())) {
            $0.input.turnDetection = nil
            $0.input.noiseReduction = NoiseReduction(kind: .nearField)
        }
        await test.run(RecordingTransport()) { client in
            client.append(Self.tone + Self.tone + Self.tone)
            client.give(#"{"type":"input_audio_buffer.commit"}"#)
            await client.next("input_audio_buffer.committed")
            let heard = await test.engine.recogniser.called()
            #expect(heard.request.count == 48_000 && heard.request.allSatisfy { $0 == 0 })
            heard.go(.end(""))
        }
    }

    @Test("G.711 in is heard at its true length and level", arguments: [AudioFormat.pcmu, .pcma])
    func g711(_ format: AudioFormat) async {
        let test = SessionUnderTest { configuration in
            configuration.input.format = format
            configuration.input.turnDetection = nil
            configuration.input.transcription = TranscriptionConfiguration()
        }
        await test.run(RecordingTransport()) { client in
            let narrow = (0..<8_000).map { Int16($0 % 20 < 10 ? 8_000 : -8_000) }
            client.append(bytes: G711.encode(narrow, format == .pcmu ? .mu : .a))
            client.give(#"{"type":"input_audio_buffer.commit"}"#)
            await client.next("input_audio_buffer.committed")
            let heard = await test.engine.recogniser.called()
            #expect(heard.request.count == 16_000)
            #expect(heard.request.count { $0.magnitude > 4_000 } > 14_000)
            heard.go(.end("tone"))
            await client.next("conversation.item.input_audio_transcription.completed")
        }
    }

    @Test("Blocks of a peer keep their positions when some are lost, and windows reach the machine in order")
    func lostBlocks() async {
        let media = RecordingMedia()
        let machine = ScriptedMachine { input in
            if case .attached = input { return [.configureInput(.pcmWithVoice)] }
            if case .detached = input { return [.closed(.clientLeft)] }
            return []
        }
        let test = SessionUnderTest(machine: machine)
        await test.run(RecordingTransport(kind: .peer, media: media)) { _ in
            _ = await machine.log.next { if case .attached = $0 { true } else { false } }
            for frame in 0..<100 where !(20..<30).contains(frame) {
                media.say([Int16](repeating: 9_000, count: 480), at: Int64(frame) * 960)
            }
            _ = await machine.log.next { $0 == .voice(probability: 1, at: AudioPosition(ms: 62 * 32)) }
        }
        let ends = machine.log.all.compactMap { if case .audio(let end) = $0 { end.ms } else { nil } }
        // Once a second, and before the end.
        #expect(ends == [1_000, 2_000])
        let voice = machine.log.all.compactMap { fact -> [Double]? in
            if case .voice(let probability, let end) = fact { [Double(end.ms), probability] } else { nil }
        }
        #expect(voice.map { $0[0] } == (1...62).map { Double($0) * 32 })
        // Frames 20 to 29 are lost: 400 to 600 ms; the windows that lie wholly inside are silent.
        #expect(voice.filter { $0[0] > 440 && $0[0] < 600 }.allSatisfy { $0[1] == 0 })
        #expect(voice.filter { $0[0] < 400 || $0[0] > 640 }.allSatisfy { $0[1] == 1 })
    }

    @Test("A peer that stops sending is heard to be silent as time passes")
    func stoppedPeer() async {
        let media = RecordingMedia()
        let machine = ScriptedMachine { input in
            if case .attached = input { return [.configureInput(.pcmWithVoice)] }
            if case .detached = input { return [.closed(.clientLeft)] }
            return []
        }
        let test = SessionUnderTest(machine: machine)
        await test.run(RecordingTransport(kind: .peer, media: media)) { _ in
            for frame in 0..<2 { media.say([Int16](repeating: 9_000, count: 480), at: Int64(frame) * 960) }
            _ = await machine.log.next { $0 == .voice(probability: 1, at: AudioPosition(ms: 32)) }
            await test.clock.sleepers(1)
            test.clock.advance(by: .milliseconds(400))
            _ = await machine.log.next { $0 == .voice(probability: 0, at: AudioPosition(ms: 224)) }
        }
    }

    @Test("A long append comes in second by second, before the event after it", arguments: [AudioFormat.pcm, .pcmu])
    func longAppend(_ format: AudioFormat) async {
        let machine = ScriptedMachine { input in
            switch input {
            case .attached: [.configureInput(InputSettings(format: format, detectsVoice: false))]
            case .detached: [.closed(.clientLeft)]
            default: []
            }
        }
        let test = SessionUnderTest(machine: machine)
        await test.run(RecordingTransport()) { client in
            _ = await machine.log.next { if case .attached = $0 { true } else { false } }
            client.append(bytes: [UInt8](repeating: 0, count: format.sampleRate * format.bytesPerSample * 5 / 2))
            client.give(#"{"type":"input_audio_buffer.commit"}"#)
            _ = await machine.log.next { if case .client = $0 { true } else { false } }
        }
        let ends = machine.log.all.compactMap { if case .audio(let end) = $0 { end.ms } else { nil } }
        #expect(ends == [1_000, 2_000, 2_500])
    }

    @Test("The largest append is taken whole")
    func largestAppend() async {
        let test = SessionUnderTest { $0.input.turnDetection = nil }
        await test.run(RecordingTransport()) { client in
            client.append(bytes: [UInt8](repeating: 0, count: EventDecoder.maxAppendBytes))
            client.give(#"{"type":"input_audio_buffer.commit"}"#)
            await client.next("input_audio_buffer.committed")
        }
    }

    @Test("An item with two parts of audio is heard whole before the model is asked")
    func twoParts() async {
        let test = SessionUnderTest { $0.input.transcription = TranscriptionConfiguration() }
        await test.run(RecordingTransport()) { client in
            let part = #"{"type":"input_audio","audio":"AAAAAAAA"}"#
            client.give(
                #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[\#(part),\#(part)]}}"#
            )
            client.give(#"{"type":"response.create"}"#)
            for word in ["first", "second"] {
                let heard = await test.engine.recogniser.called()
                heard.go(.end(word))
            }
            let call = await test.engine.model.called()
            #expect(call.request.items.map(\.transcripts) == [["first", "second"]])
            call.go(.end(.stop))
            await client.next("response.done")
        }
    }

    @Test("Results of work that is over are dropped: a transcript that was cancelled, a response that was")
    func stale() async {
        let generation = ResponseGeneration(rawValue: 1)
        let request = ModelRequest(
            instructions: "", items: [], tools: [], toolChoice: .auto, parallelToolCalls: nil, reasoningEffort: nil,
            maxOutputTokens: .infinite, outputModality: .text)
        let item = ItemID("item_1")
        let machine = ScriptedMachine { input in
            switch input {
            case .attached:
                [
                    .startResponse(generation, request),
                    .transcribe(
                        TranscriptionRequest(
                            item: item, contentIndex: 0, source: .input(AudioPosition(ms: 0)..<AudioPosition(ms: 0)),
                            configuration: nil)),
                ]
            case .client:
                [.cancel(generation), .cancelTranscription(item), .emit(.inputAudioBufferCleared, to: .everyone)]
            case .detached: [.closed(.clientLeft)]
            default: []
            }
        }
        let test = SessionUnderTest(machine: machine)
        await test.run(RecordingTransport()) { client in
            let model = await test.engine.model.called()
            let recogniser = await test.engine.recogniser.called()
            await model.do(.say(.text("in time")))
            client.give(#"{"type":"input_audio_buffer.clear"}"#)
            await client.next("input_audio_buffer.cleared")
            model.go(.say(.text("too late")))
            model.go(.end(.stop))
            recogniser.go(.end("too late"))
        }
        let results = machine.log.all.filter {
            switch $0 {
            case .model, .modelEnded, .transcribed: true
            default: false
            }
        }
        #expect(results == [.model(generation, .text("in time"))])
    }

    @Test("Two parts of one item are recognised beside each other, each with its own sound")
    func soundOfEachPart() async {
        let test = SessionUnderTest { $0.input.transcription = TranscriptionConfiguration() }
        await test.run(RecordingTransport()) { client in
            let parts = [2_400, 4_800].map { String(repeating: "AQEB", count: $0 * 2 / 3) }
            client.give(
                #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":["#
                    + parts.map { #"{"type":"input_audio","audio":"\#($0)"}"# }.joined(separator: ",") + "]}}")
            let calls = [await test.engine.recogniser.called(), await test.engine.recogniser.called()]
            #expect(Set(calls.map(\.request.count)) == [1_600, 3_200])
            for call in calls { call.go(.end("\(call.request.count) samples")) }
            var told: Set<String> = []
            for _ in 0..<2 {
                let event = await client.next("conversation.item.input_audio_transcription.completed")
                told.insert(event.member("transcript") ?? "")
            }
            #expect(told == ["1600 samples", "3200 samples"])
        }
    }

    @Test("A stage that fails is told to the machine with its words")
    func failures() async {
        let test = SessionUnderTest { configuration in
            configuration.input.turnDetection = nil
            configuration.input.transcription = TranscriptionConfiguration()
        }
        await test.run(RecordingTransport()) { client in
            client.append(Self.tone)
            client.give(#"{"type":"input_audio_buffer.commit"}"#)
            let heard = await test.engine.recogniser.called()
            heard.go(.fail(EngineFailure(code: "mumbled", message: "It was mumbled.")))
            #expect(
                await client.next("conversation.item.input_audio_transcription.failed").contains("It was mumbled."))
            client.give(#"{"type":"response.create"}"#)
            let call = await test.engine.model.called()
            call.go(.fail(EngineFailure(code: "tired", message: "It is tired.")))
            #expect(await client.next("response.done").contains("It is tired."))
        }
    }
}

extension InputSettings {
    static let pcmWithVoice = InputSettings(format: .pcm, detectsVoice: true)
}

extension RecordingTransport {
    func append(_ samples: [Int16]) {
        append(bytes: samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
    }

    func append(bytes: [UInt8]) {
        var writer = JSONWriter(capacity: bytes.count * 4 / 3 + 64)
        writer.object {
            $0.member("type", "input_audio_buffer.append")
            $0.member("audio", base64: bytes)
        }
        give(.message(TransportMessage(channel: 0, payload: .text(writer.bytes))))
    }
}

extension Item {
    fileprivate var transcripts: [String?] {
        guard case .message(let message) = body else { return [] }
        return message.content.map { if case .inputAudio(let transcript, _) = $0 { transcript } else { nil } }
    }
}
