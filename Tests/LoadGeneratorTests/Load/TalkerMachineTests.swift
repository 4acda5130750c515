import LoadGenerator
import RealtimeProtocol
import Testing

@Suite("A talker under load")
struct TalkerMachineTests {
    @Test("Is silent until its session is set up, then thinks, and speaks every frame of its recording once")
    func speaks() throws {
        var talker = Talker(think: 1)
        #expect(talker.run(50).frames.allSatisfy { $0 == .off })
        #expect(talker.event("session.created") == [.send(Array("update".utf8))])
        _ = talker.event("session.updated")
        // The frame that ends with the second of thinking is the first of the words.
        let (frames, actions) = talker.run(49 + 25)
        #expect(frames.prefix(49).allSatisfy { $0 == .off })
        #expect(Array(frames[49...].prefix(20)) == (0..<20).map { .speech(clip: 0, frame: $0) })
        // Silence after the words tells the server that they are over.
        #expect(frames[69...].allSatisfy { $0 == .quiet })
        #expect(actions == [.note(.count(.turns))])
    }

    @Test("The answer's first sound is timed from the last sample of speech, not from the end of the recording")
    func firstAudio() throws {
        var talker = try Talker.ready()
        talker.speak()
        talker.hear("input_audio_buffer.speech_started")
        // Speech ends 300 ms into a recording of 400 ms; its last frame has been spoken now.
        talker.hear("input_audio_buffer.speech_stopped")
        talker.hear("response.created")
        talker.pass(200)
        #expect(
            talker.sound() == [
                .note(.time(.speechToAudio, .milliseconds(300), every: .milliseconds(1_400))),
                .note(.time(.speechToTurn, .milliseconds(100))),
            ])
        #expect(talker.sound().isEmpty)
    }

    @Test("An answer is over when its playing has stopped, and what was understood is compared word for word")
    func ends() throws {
        var talker = try Talker.ready(says: "Hello, world!")
        talker.turn()
        _ = talker.sound()
        talker.hear("output_audio_buffer.started")
        talker.hear("conversation.item.input_audio_transcription.completed", [("transcript", .string("hello world"))])
        talker.done()
        #expect(talker.run(50).actions.isEmpty)
        talker.hear("output_audio_buffer.stopped")
        #expect(
            talker.run(1).actions == [.note(.count(.answered)), .note(.count(.transcriptsChecked))])
    }

    @Test("A transcript of other words is wrong, and a response that failed is counted")
    func wrong() throws {
        var talker = try Talker.ready(says: "Hello")
        talker.turn()
        talker.hear("conversation.item.input_audio_transcription.completed", [("transcript", .string("Yellow"))])
        talker.done(status: "failed")
        #expect(
            talker.run(30).actions == [
                .note(.count(.answered)), .note(.count(.failedResponses)), .note(.count(.transcriptsChecked)),
                .note(.count(.transcriptsWrong)),
            ])
    }

    @Test("A server that says nothing of playing has ended an answer when its sound has stopped")
    func withoutPlaybackEvents() throws {
        var talker = try Talker.ready()
        talker.turn()
        _ = talker.sound()
        talker.done()
        #expect(talker.run(24).actions.isEmpty)
        #expect(talker.run(3).actions == [.note(.count(.answered))])
    }

    @Test("A turn that nobody takes is unanswered after the patience, in words that say what is missing")
    func unanswered() throws {
        var talker = try Talker.ready()
        talker.speak()
        let actions = talker.run(600).actions
        #expect(
            Array(actions.prefix(2)) == [
                .note(.count(.unanswered)), .note(.reason("no answer: the speech was not heard")),
            ])
    }

    @Test("A turn taken in the middle of speech is counted as cut off, and its answer is not timed")
    func cutOff() throws {
        var talker = try Talker.ready()
        _ = talker.run(5)
        talker.hear("input_audio_buffer.speech_started")
        talker.hear("input_audio_buffer.speech_stopped")
        talker.hear("response.created")
        talker.hear("input_audio_buffer.speech_started")
        _ = talker.run(16)
        talker.hear("input_audio_buffer.speech_stopped")
        talker.hear("response.created")
        #expect(talker.sound().isEmpty)
        talker.done()
        #expect(talker.run(30).actions == [.note(.count(.answered)), .note(.count(.cutOff))])
    }

    @Test("Functions that an answer calls are answered, and the answer goes on after them")
    func tools() throws {
        var talker = try Talker.ready()
        talker.turn()
        let call = JSONObject([
            ("type", .string("function_call")), ("call_id", .string("c1")), ("name", .string("look")),
        ])
        let actions = talker.done(output: [.object(call)])
        let output =
            #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c1","output":"Rain."}}"#
        #expect(
            actions == [
                .send(Array(output.utf8)), .send(Array(#"{"type":"response.create"}"#.utf8)),
                .note(.count(.toolCalls, 1)),
            ])
        #expect(talker.run(60).actions.isEmpty)
        _ = talker.sound()
        talker.done()
        #expect(talker.run(30).actions == [.note(.count(.answered))])
    }

    @Test("Words over an answer are timed from their first sample to the answer's last packet")
    func bargeIn() throws {
        var talker = try Talker.ready(interrupt: 1)
        talker.turn()
        for _ in 0..<50 { talker.play() }
        // A second was heard: the next frame is the first of the words, whose speech begins 100 ms later.
        let began = talker.play()
        #expect(began.frame == .speech(clip: 0, frame: 0))
        #expect(
            began.actions == [
                .note(.count(.answered)), .note(.count(.interrupted)), .note(.count(.turns)),
            ])
        for _ in 0..<9 { talker.play() }
        talker.hear("input_audio_buffer.speech_started")
        talker.hear("output_audio_buffer.cleared")
        // Ten frames were spoken, 100 ms of them speech; the last packet came with the tenth.
        #expect(talker.run(12).actions == [.note(.time(.bargeInStop, .milliseconds(100)))])
    }

    @Test("An answer that had ended by itself was not interrupted, and one that goes on was not stopped")
    func notStopped() throws {
        var ended = try Talker.ready(interrupt: 1)
        ended.turn()
        for _ in 0..<56 { ended.play() }
        ended.hear("output_audio_buffer.stopped")
        #expect(!ended.run(20).actions.contains(.note(.count(.notStopped))))
        var deaf = try Talker.ready(interrupt: 1)
        deaf.turn()
        let actions = (0..<400).flatMap { _ in deaf.play().actions }
        #expect(actions.contains(.note(.count(.notStopped))))
    }

    @Test("Over a WebSocket an answer lasts as long as its sound, however fast it comes")
    func webSocket() throws {
        var talker = try Talker.ready(isWebSocket: true)
        talker.turn()
        _ = talker.sound(ms: 2_000)
        talker.done()
        #expect(talker.run(99).actions.isEmpty)
        #expect(talker.run(2).actions == [.note(.count(.answered))])
    }

    @Test("A session that is refused, or does not begin, is given up")
    func refused() throws {
        var talker = Talker()
        #expect(
            talker.event("error", [("error", .object(JSONObject([("message", .string("No."))])))]) == [
                .note(.count(.errorEvents)), .giveUp("the session is refused: No."),
            ])
        var waiting = Talker()
        #expect(waiting.run(800).actions == [.giveUp("the session did not begin in time")])
    }

    @Test("Audio events are measured without being parsed, and every other event is read")
    func events() throws {
        let sound = String(repeating: "AAAA", count: 480)
        let delta =
            #"{"type": "response.output_audio.delta", "event_id": "e", "delta": "\#(sound)", "item_id": "i"}"#
        guard case .audio(let length)? = ServerEvent(Array(delta.utf8)), length == .milliseconds(30) else {
            Issue.record("no audio of 30 ms")
            return
        }
        let quoted = #"{"type":"response.output_audio_transcript.delta","delta":"the response.output_audio.delta"}"#
        guard case .other(let event)? = ServerEvent(Array(quoted.utf8)) else {
            Issue.record("taken for audio")
            return
        }
        #expect(event["delta"] == .string("the response.output_audio.delta"))
        #expect(ServerEvent(Array("junk".utf8)).map { _ in true } == nil)
    }
}

/// A talker on virtual time: 400 ms of recording, whose speech lies between 100 and 300 ms.
private struct Talker {
    private static let frame = Duration.milliseconds(20)
    private var machine: TalkerMachine
    private var now = ContinuousClock.now

    init(think: Double = 1, says: String? = nil, interrupt: Double = 0, isWebSocket: Bool = false) {
        var settings = TalkerSettings()
        settings.clips = [
            ClipShape(frames: 20, speechBegins: .milliseconds(100), speechEnds: .milliseconds(300), says: says)
        ]
        settings.think = think...think
        settings.patience = .seconds(5)
        settings.interrupt = interrupt
        settings.isWebSocket = isWebSocket
        settings.toolOutputs = ["look": "Rain."]
        settings.sessionUpdate = Array("update".utf8)
        machine = TalkerMachine(settings, now: now)
    }

    /// One whose next frame is the first of its recording.
    static func ready(
        says: String? = nil, interrupt: Double = 0, isWebSocket: Bool = false
    ) throws -> Talker {
        var talker = Talker(says: says, interrupt: interrupt, isWebSocket: isWebSocket)
        talker.hear("session.created")
        talker.hear("session.updated")
        let (frames, _) = talker.run(49)
        try #require(frames.allSatisfy { $0 == .off })
        return talker
    }

    mutating func pass(_ milliseconds: Int) { now += .milliseconds(milliseconds) }

    mutating func run(_ count: Int) -> (frames: [TalkerMachine.Frame], actions: [TalkerMachine.Action]) {
        var (frames, actions): ([TalkerMachine.Frame], [TalkerMachine.Action]) = ([], [])
        for _ in 0..<count {
            now += Self.frame
            let (frame, more) = machine.frame(now: now)
            frames.append(frame)
            actions += more
        }
        return (frames, actions)
    }

    @discardableResult
    mutating func event(
        _ type: String, _ members: [(name: String, value: JSONValue)] = []
    ) -> [TalkerMachine.Action] {
        machine.event(JSONObject([("type", .string(type))] + members), now: now)
    }

    mutating func hear(_ type: String, _ members: [(name: String, value: JSONValue)] = []) { event(type, members) }

    mutating func sound(ms: Int = 20) -> [TalkerMachine.Action] { machine.sound(.milliseconds(ms), now: now) }

    /// The whole recording.
    mutating func speak() { _ = run(20) }

    /// Speaks, and the server begins to answer.
    mutating func turn() {
        speak()
        hear("input_audio_buffer.speech_started")
        hear("input_audio_buffer.speech_stopped")
        hear("response.created")
    }

    /// A frame in which the answer sounds.
    @discardableResult
    mutating func play() -> (frame: TalkerMachine.Frame, actions: [TalkerMachine.Action]) {
        let (frames, actions) = run(1)
        let more = sound()
        return (frames[0], actions + more.filter { if case .note(.time) = $0 { false } else { true } })
    }

    @discardableResult
    mutating func done(status: String = "completed", output: [JSONValue] = []) -> [TalkerMachine.Action] {
        let response = JSONObject([("status", .string(status)), ("output", .array(output))])
        return event("response.done", [("response", .object(response))])
    }
}
