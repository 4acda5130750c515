import AudioPipeline
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import Testing

@testable import VoiceSession

@Suite("Pipeline session: sound out", .timeLimit(.minutes(1)))
struct PipelineOutputTests {
    private static let second = SynthesizedAudio(samples: [Int16](repeating: 5, count: 24_000), words: [])
    private static let word = SynthesizedAudio(samples: [Int16](repeating: 5, count: 480), words: [])

    @Test("On a WebSocket audio runs ten seconds ahead of real time, then as fast as it is heard")
    func pacing() async {
        let test = SessionUnderTest()
        await test.run(RecordingTransport()) { client in
            let voice = await Self.speaking(test, client)
            for _ in 0..<10 { await voice.do(.say(Self.second)) }
            voice.go(.say(Self.second))
            await test.clock.sleepers(1)
            #expect(client.count("response.output_audio.delta") == 10)
            test.clock.advance(by: .seconds(1))
            for _ in 0..<11 { await client.next("response.output_audio.delta") }
            voice.go(.end)
            await client.next("response.done")
        }
    }

    @Test("An answer begun ahead is asked as any other, and its work ends when it is discarded")
    func speculation() async {
        let request = ModelRequest(
            instructions: "ahead", items: [], tools: [], toolChoice: .auto, parallelToolCalls: nil,
            reasoningEffort: nil,
            maxOutputTokens: .infinite, outputModality: .text)
        let generation = ResponseGeneration(rawValue: 7)
        let machine = ScriptedMachine { input in
            switch input {
            case .audio: [.speculate(generation, request)]
            case .model: [.settleSpeculation(generation, .discarded), .cancel(generation)]
            case .detached: [.closed(.clientLeft)]
            default: []
            }
        }
        let test = SessionUnderTest(machine: machine)
        await test.run(RecordingTransport()) { client in
            client.append([Int16](repeating: 0, count: 24_000))
            let call = await test.engine.model.called()
            #expect(call.request.instructions == "ahead")
            await call.do(.say(.text("Well")))
            await test.engine.model.cancelled()
        }
        #expect(machine.log.all.contains(.model(generation, .text("Well"))))
    }

    @Test("An answer is not begun ahead while the model answers somebody else")
    func busyModel() async {
        let request = ModelRequest(
            instructions: "ahead", items: [], tools: [], toolChoice: .auto, parallelToolCalls: nil,
            reasoningEffort: nil,
            maxOutputTokens: .infinite, outputModality: .text)
        let machine = ScriptedMachine { input in
            if case .audio = input { return [.speculate(ResponseGeneration(rawValue: 7), request)] }
            if case .detached = input { return [.closed(.clientLeft)] }
            return []
        }
        let test = SessionUnderTest(machine: machine, engine: SuspendedEngine(isModelIdle: false))
        await test.run(RecordingTransport()) { client in
            client.append([Int16](repeating: 0, count: 24_000))
            let end = await machine.log.next { if case .modelEnded = $0 { true } else { false } }
            if case .modelEnded(_, .failed(let failure)) = end {
                #expect(failure.code == "engine_busy")
            } else {
                Issue.record()
            }
        }
    }

    @Test("What the model reads ahead ends with a newer request, and with the start of a response")
    func readingAhead() async {
        var engine = SuspendedEngine()
        engine.prepares = true
        let reader = engine.reader
        let test = SessionUnderTest(engine: engine) { $0.outputModality = .text }
        await test.run(RecordingTransport()) { client in
            #expect(await reader.called().request.instructions.isEmpty)
            client.give(#"{"type":"session.update","session":{"type":"realtime","instructions":"Be brief."}}"#)
            await reader.cancelled()
            #expect(await reader.called().request.instructions == "Be brief.")
            client.give(#"{"type":"response.create"}"#)
            await reader.cancelled()
            await engine.model.called().go(.end(.stop))
            await client.next("response.done")
            await reader.called().go(.end)
        }
    }

    @Test("A block longer than the lead goes out when the client has played what it had")
    func longBlock() {
        var pacing = OutputPacing()
        let start = ContinuousClock.now
        #expect(pacing.earliest(OutputPacing.lead * 2, now: start) <= start)
        pacing.send(OutputPacing.lead * 2, of: ResponseGeneration(rawValue: 1), now: start)
        #expect(pacing.earliest(OutputPacing.lead * 2, now: start) == start + OutputPacing.lead * 2)
    }

    @Test("Audio waits for a client that takes nothing, and goes on when it does")
    func slowClient() async {
        let test = SessionUnderTest()
        await test.run(RecordingTransport()) { client in
            let voice = await Self.speaking(test, client)
            client.block()
            // 256 KiB of audio may be sent before the client is looked at: six seconds are 288,000 bytes.
            for _ in 0..<6 { await voice.do(.say(Self.second)) }
            voice.go(.say(Self.second))
            await client.hasWaiter()
            #expect(client.count("response.output_audio.delta") == 6)
            client.unblock()
            for _ in 0..<7 { await client.next("response.output_audio.delta") }
            voice.go(.end)
            await client.next("response.done")
        }
    }

    @Test("G.711 out has a byte for every three samples", arguments: [AudioFormat.pcmu, .pcma])
    func g711(_ format: AudioFormat) async throws {
        let test = SessionUnderTest { $0.output.format = format }
        try await test.run(RecordingTransport()) { client in
            let voice = await Self.speaking(test, client)
            let tone = (0..<24_000).map { Int16($0 % 60 < 30 ? 8_000 : -8_000) }
            var codes: [UInt8] = []
            for start in stride(from: 0, to: tone.count, by: 1_000) {
                voice.go(.say(SynthesizedAudio(samples: Array(tone[start..<start + 1_000]), words: [])))
                codes += try await client.next("response.output_audio.delta").audioDelta()
            }
            #expect(codes.count == 8_000)
            let heard = G711.decode(codes[...], format == .pcmu ? .mu : .a)
            #expect(heard.count { $0.magnitude > 4_000 } > 7_000)
            voice.go(.end)
            await client.next("response.done")
        }
    }

    @Test("On a peer five seconds are queued and no more, and what was played is told as it is played")
    func playout() async {
        let media = RecordingMedia()
        let test = SessionUnderTest()
        await test.run(RecordingTransport(kind: .peer, media: media)) { client in
            let voice = await Self.speaking(test, client)
            for _ in 0..<5 { await voice.do(.say(Self.second)) }
            voice.go(.say(Self.second))
            #expect(media.playout.queuedSamples == 120_000)
            media.play(frames: 1)
            await client.next("output_audio_buffer.started")
            #expect(media.playout.queuedSamples < 120_000)
            for _ in 0..<49 { media.play(frames: 1) }
            await voice.do(.end)
            await client.next("response.done")
            #expect(client.count("output_audio_buffer.stopped") == 0)
            #expect(client.count("response.output_audio.delta") == 0)
            media.play(frames: 250)
            await client.next("output_audio_buffer.stopped")
        }
    }

    @Test("On a peer a response speaks as soon as the one before it has, however close the two come")
    func turnsOfTwoVoices() async {
        let media = RecordingMedia()
        let test = SessionUnderTest { $0.input.turnDetection = nil }
        await test.run(RecordingTransport(kind: .peer, media: media)) { client in
            await client.next("session.created")
            let aside = #"{"type":"response.create","response":{"conversation":"none","input":[]}}"#
            for _ in 0..<100 {
                var voices: [SuspendedStage<SpeechRequest, SuspendedEngine.VoiceStep>.Call] = []
                for _ in 0..<2 {
                    client.give(aside)
                    let model = await test.engine.model.called()
                    await model.do(.say(.text("A word.")))
                    model.go(.end(.stop))
                    voices.append(await test.engine.voice.called())
                }
                // The first has the floor; it gives it up while the second finds it taken.
                await voices[0].do(.say(Self.word))
                voices[0].go(.end)
                await voices[1].do(.say(Self.word))
                voices[1].go(.end)
                // What is queued behind another answer is told when that one has been heard.
                media.play(frames: 50)
                for _ in voices { await client.next("response.done") }
            }
        }
    }

    @Test("An interruption empties the queue and cuts the item to what was played")
    func interruption() async {
        let media = RecordingMedia()
        let test = SessionUnderTest()
        await test.run(RecordingTransport(kind: .peer, media: media)) { client in
            let voice = await Self.speaking(test, client)
            await voice.do(.say(Self.second))
            await voice.do(.say(Self.second))
            media.play(frames: 25)
            await client.next("output_audio_buffer.started")
            for frame in 0..<20 { media.say([Int16](repeating: 9_000, count: 480), at: Int64(frame) * 960) }
            await client.next("input_audio_buffer.speech_started")
            await client.next("output_audio_buffer.cleared")
            #expect(media.playout.queuedSamples == 0)
            // The fade alone, which is no sample of the answer.
            #expect(media.play(frames: 1).flatMap(\.self).isEmpty)
            #expect(await client.next("conversation.item.truncated").contains("\"audio_end_ms\":500"))
            #expect(client.sent.contains { $0.text.contains("\"reason\":\"turn_detected\"") })
            voice.go(.say(Self.second))
        }
        #expect(media.playout.queuedSamples == 0)
    }

    @Test(
        "A retrieved item has its audio where it fits into 1 MiB: 5 s of PCM do, 20 s and 60 s do not; 60 s of G.711 do",
        arguments: [
            (AudioFormat.pcm, 5, true), (.pcm, 20, false), (.pcm, 60, false), (.pcmu, 20, true), (.pcmu, 60, true),
        ])
    func retrieved(_ format: AudioFormat, _ seconds: Int, _ hasAudio: Bool) async throws {
        let test = SessionUnderTest { configuration in
            configuration.input.format = format
            configuration.input.turnDetection = nil
        }
        try await test.run(RecordingTransport()) { client in
            let sound = [UInt8](repeating: 0x42, count: seconds * format.sampleRate * format.bytesPerSample)
            client.append(bytes: sound)
            client.give(#"{"type":"input_audio_buffer.commit"}"#)
            let item = try #require(await client.next("input_audio_buffer.committed").member("item_id"))
            client.give(#"{"type":"conversation.item.retrieve","item_id":"\#(item)"}"#)
            let retrieved = await client.next("conversation.item.retrieved")
            #expect(retrieved.utf8.count < 1 << 20)
            if hasAudio {
                let audio = try #require(retrieved.member("audio").flatMap { Base64.decode($0.utf8) })
                #expect(audio.count == sound.count)
                if format == .pcm { #expect(audio == sound) }
            } else {
                #expect(retrieved.member("audio") == nil)
            }
        }
    }

    @Test("An answer's audio is kept as it was sent, and cut where the client truncates it")
    func keptAnswer() async throws {
        let test = SessionUnderTest()
        try await test.run(RecordingTransport()) { client in
            let voice = await Self.speaking(test, client)
            await voice.do(.say(Self.second))
            voice.go(.end)
            let delta = await client.next("response.output_audio.delta")
            await client.next("response.done")
            let item = try #require(delta.member("item_id"))
            client.give(
                #"{"type":"conversation.item.truncate","item_id":"\#(item)","content_index":0,"audio_end_ms":400}"#)
            client.give(#"{"type":"conversation.item.retrieve","item_id":"\#(item)"}"#)
            let retrieved = await client.next("conversation.item.retrieved")
            let audio = try #require(retrieved.member("audio").flatMap { Base64.decode($0.utf8) })
            #expect(audio == (0..<9_600).flatMap { _ in [UInt8(5), 0] })
        }
    }

    @Test("Effects of one input are performed whole before those of the next, however many sources there are")
    func order() async {
        let machine = ScriptedMachine { input in
            switch input {
            case .audio(let end):
                (0..<5).map {
                    .emit(.inputAudioBufferSpeechStarted(ItemID("a\($0)"), audioStartMs: end.ms), to: .everyone)
                }
            case .client:
                (0..<5).map { .emit(.inputAudioBufferSpeechStopped(ItemID("b\($0)"), audioEndMs: 0), to: .everyone) }
            case .detached: [.closed(.clientLeft)]
            default: []
            }
        }
        let media = RecordingMedia()
        let client = RecordingTransport(kind: .peer, media: media)
        await SessionUnderTest(machine: machine).run(client) { client in
            for frame in 0..<100 {
                media.say([Int16](repeating: 0, count: 24_000), at: Int64(frame) * 48_000)
                client.give(#"{"type":"input_audio_buffer.clear"}"#)
            }
            for _ in 0..<1_000 { _ = await client.nextEvent() }
        }
        let items = client.sent.compactMap { $0.text.member("item_id") }
        #expect(items.count == 1_000)
        for start in stride(from: 0, to: items.count, by: 5) {
            #expect(items[start..<start + 5].map { $0.last } == ["0", "1", "2", "3", "4"])
            #expect(Set(items[start..<start + 5].map { $0.first }).count == 1)
        }
    }

    /// Brings a session to where its voice is asked for the only clause of a response.
    private static func speaking(
        _ test: SessionUnderTest, _ client: RecordingTransport
    ) async -> SuspendedStage<SpeechRequest, SuspendedEngine.VoiceStep>.Call {
        await client.next("session.created")
        client.give(#"{"type":"response.create"}"#)
        let model = await test.engine.model.called()
        await model.do(.say(.text("A long answer.")))
        model.go(.end(.stop))
        return await test.engine.voice.called()
    }
}

extension String {
    /// The value of the first string member of this name, in an event's text.
    func member(_ name: String) -> String? {
        guard let start = firstRange(of: "\"\(name)\":\"") else { return nil }
        return String(self[start.upperBound...].prefix { $0 != "\"" })
    }

    fileprivate func audioDelta() throws -> [UInt8] {
        try #require(member("delta").flatMap { Base64.decode($0.utf8) })
    }
}
