import Logging
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import Testing

@Suite("Scripted voice and recogniser", .timeLimit(.minutes(1))) struct ScriptedSpeechTests {
    private static let sound = (0..<16_000).map { Int16($0 % 20 < 10 ? 6_000 : -6_000) }

    @Test("A word is a block of exact length, and all times come with the first; speed shortens them")
    func words() async throws {
        var script = Script()
        script.timing.wordMs = 300
        let blocks = try await speak("Hello, my friend. ", script: script, speed: 1.5)
        #expect(blocks.map(\.samples.count) == [4_800, 4_800, 4_800])
        #expect(
            blocks.map(\.words) == [
                [
                    WordTiming(text: "Hello,", startMs: 0, endMs: 200),
                    WordTiming(text: "my", startMs: 200, endMs: 400),
                    WordTiming(text: "friend.", startMs: 400, endMs: 600),
                ], [], [],
            ])
    }

    @Test("Every voice has a pitch of its own, and an unknown one always the same")
    func pitch() async throws {
        let names = ["cedar", "ash", "echo", "ballad", "verse", "sage", "alloy", "marin", "coral", "shimmer"]
        var crossings: Set<Int> = []
        for name in names { crossings.insert(try await risings(.named(name))) }
        #expect(crossings.count == names.count)
        #expect(try await risings(.custom(id: "voice_1")) == risings(.custom(id: "voice_1")))
    }

    @Test("Spoken turns are heard by the script's lines, over and over; silence is heard as nothing and takes none")
    func hears() async throws {
        var script = Script()
        script.timing.recogniserMs = 0
        script.hears = [.transcript("first line"), .transcript("second")]
        let recogniser = ScriptedEngine(script).engine.transcriber.forSession(StageSession(log: Logger(label: "test")))
        var heard: [String] = []
        for speech in [Self.sound, [Int16](repeating: 0, count: 8_000), Self.sound, Self.sound] {
            heard.append(try await recogniser.transcribe(speech, nil) { _ in }.text)
        }
        #expect(heard == ["first line", "", "second", "first line"])
    }

    @Test("A turn that the script fails is not understood, and the next one is")
    func failure() async throws {
        var script = Script()
        script.timing.recogniserMs = 0
        script.hears = [.fail(code: "c", message: "m"), .transcript("line")]
        let recogniser = ScriptedEngine(script).engine.transcriber.forSession(StageSession(log: Logger(label: "test")))
        await #expect(throws: EngineFailure(code: "c", message: "m")) {
            try await recogniser.transcribe(Self.sound, nil) { _ in }
        }
        #expect(try await recogniser.transcribe(Self.sound, nil) { _ in }.text == "line")
    }

    @Test("Each session hears the script from its beginning, in deltas that are the transcript")
    func sessions() async throws {
        var script = Script()
        script.timing.recogniserMs = 0
        script.hears = [.transcript("first line"), .transcript("second")]
        let engine = ScriptedEngine(script).engine
        for _ in 0..<2 {
            let (deltas, deltasOut) = AsyncStream.makeStream(of: String.self)
            let transcript = try await engine.transcriber.forSession(StageSession(log: Logger(label: "test")))
                .transcribe(Self.sound, nil) {
                    deltasOut.yield($0)
                }
            deltasOut.finish()
            #expect(transcript == Transcript(text: "first line", usage: .duration(seconds: 1)))
            #expect(await deltas.reduce(into: []) { $0.append($1) } == ["first", " line"])
        }
    }

    @Test("The transcript comes when the recogniser's time is over")
    func recogniserTime() async throws {
        var script = Script()
        script.timing.recogniserMs = 70
        script.hears = [.transcript("line")]
        let clock = ManualClock()
        let recogniser = ScriptedEngine(script, clock: clock).engine.transcriber.forSession(
            StageSession(log: Logger(label: "test")))
        let start = clock.now
        let transcript = Task { try await recogniser.transcribe(Self.sound, nil) { _ in } }
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(70))
        #expect(try await transcript.value.text == "line")
        #expect(start.duration(to: clock.now) == .milliseconds(70))
    }

    private func risings(_ voice: Voice) async throws -> Int {
        let samples = try await speak("word", voice: voice).flatMap(\.samples)
        return zip(samples, samples.dropFirst()).count { $0 <= 0 && $1 > 0 }
    }

    private func speak(
        _ text: String, script: Script = Script(), voice: Voice = .named("marin"), speed: Double = 1
    ) async throws -> [SynthesizedAudio] {
        let (blocks, blocksOut) = AsyncStream.makeStream(of: SynthesizedAudio.self)
        let request = SpeechRequest(clause: 0, text: text, voice: voice, speed: speed)
        try await ScriptedEngine(script).engine.synthesizer.speak(request) { blocksOut.yield($0) }
        blocksOut.finish()
        return await blocks.reduce(into: []) { $0.append($1) }
    }
}
