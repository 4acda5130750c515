import RealtimeProtocol
import Testing

@testable import LoadGenerator

@Suite("A recorded client, on virtual time")
struct ReplayMachineTests {
    @Test("Each event waits for the answer it followed, and goes with the ids of the new session")
    func ids() {
        var replay = VirtualReplay(spokenCall)
        #expect(replay.sent.isEmpty)
        replay.tell(#"{"type":"session.created","session":{}}"#)
        #expect(replay.sent.map(\.type) == ["session.update", "conversation.item.create", "response.create"])
        replay.tell(#"{"type":"conversation.item.added","item":{"id":"item_9","type":"message","role":"user"}}"#)
        replay.answer(
            "resp_9", #"{"id":"item_8","type":"function_call","call_id":"call_7","name":"get_time","arguments":"{}"}"#)
        #expect(
            replay.sent.suffix(2) == [
                object(
                    #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_7","output":"noon"}}"#
                ),
                object(#"{"type":"response.create"}"#),
            ])
        #expect(replay.turns.map(\.text) == ["Turn 1\n  you   What time is it?\n  same  calls get_time {}"])
        replay.answer("resp_6", #"{"id":"item_5","type":"message","content":[{"transcript":"It is night."}]}"#)
        #expect(
            replay.turns.last?.text
                == "Turn 2\n  you   (result of a tool) noon\n  then  It is noon.\n  now   It is night.")
        #expect(replay.sent.last?.type == "input_audio_buffer.clear" && !replay.isOver)
        replay.tell(#"{"type":"input_audio_buffer.cleared"}"#)
        #expect(replay.isOver && replay.notes.isEmpty)
    }

    @Test("A turn that was kept is said again, and told where it is understood in another way")
    func sound() {
        var replay = VirtualReplay(spokenCall, sound: CallerSound(samples: [Int16](repeating: 1, count: 24_000)))
        replay.tell(#"{"type":"session.created","session":{}}"#)
        #expect(
            replay.sent.map(\.type) == [
                "session.update", "input_audio_buffer.append", "input_audio_buffer.commit", "response.create",
            ])
        replay.tell(#"{"type":"input_audio_buffer.committed","item_id":"item_9"}"#)
        replay.tell(
            #"{"type":"conversation.item.input_audio_transcription.completed","item_id":"item_9","transcript":"What time?"}"#
        )
        #expect(replay.notes == ["Understood then: What time is it? Understood now: What time?"])
    }

    @Test("A call that the model does not make now leaves its result out, in words")
    func noCall() {
        var replay = VirtualReplay(spokenCall)
        replay.tell(#"{"type":"session.created","session":{}}"#)
        replay.answer("resp_9", #"{"id":"item_8","type":"message","content":[{"transcript":"No idea."}]}"#)
        replay.pass(seconds: 1)
        #expect(replay.notes.isEmpty)
        replay.pass(seconds: 1)
        #expect(
            replay.notes == [
                "Left out: conversation.item.create, about what does not exist now (call: function_call of answer 1, 1)."
            ])
        #expect(replay.sent.last?.type == "response.create")
    }

    @Test("An interruption comes as far into the answer as then, and is left out where the answer was over before")
    func interrupted() {
        let lines = """
            server {"type":"session.created","session":{}}
            client {"type":"response.create"}
            server {"type":"response.created","response":{"id":"resp_1"}}
            server {"type":"x"}
            client {"type":"response.cancel"}
            server {"type":"response.done","response":{"id":"resp_1","status":"cancelled"}}
            client {"type":"response.create"}
            """
        var replay = VirtualReplay(lines)
        replay.tell(#"{"type":"session.created","session":{}}"#)
        replay.tell(#"{"type":"response.created","response":{"id":"resp_9"}}"#)
        replay.pass(ms: 199)
        #expect(replay.sent.map(\.type) == ["response.create"])
        replay.pass(ms: 1)
        #expect(replay.sent.map(\.type) == ["response.create", "response.cancel"])
        replay.tell(#"{"type":"response.done","response":{"id":"resp_9","status":"cancelled"}}"#)
        #expect(replay.sent.dropFirst(2).map(\.type) == ["response.create", "input_audio_buffer.clear"])
        #expect(replay.turns.map(\.number) == [1])

        var quick = VirtualReplay(lines)
        quick.tell(#"{"type":"session.created","session":{}}"#)
        quick.answer("resp_9", #"{"id":"item_8","type":"message","content":[{"transcript":"Done."}]}"#)
        #expect(quick.sent.map(\.type) == ["response.create", "response.create", "input_audio_buffer.clear"])
        #expect(quick.notes == ["Left out: response.cancel, since the answer had ended before."])
    }

    @Test("An answer is cut where it was, or at its end where it is shorter now")
    func cut() {
        let lines = """
            server {"type":"session.created","session":{}}
            client {"type":"response.create"}
            server {"type":"response.created","response":{"id":"resp_1"}}
            server {"type":"response.output_item.added","response_id":"resp_1","item":{"id":"item_a","type":"message"}}
            client {"type":"conversation.item.truncate","item_id":"item_a","content_index":0,"audio_end_ms":700}
            server {"type":"conversation.item.truncated","item_id":"item_a","content_index":0,"audio_end_ms":700}
            server {"type":"response.done","response":{"id":"resp_1","status":"completed"}}
            """
        // 9600 bytes in base64: 200 ms at 24 kHz.
        let delta =
            #"{"type":"response.output_audio.delta","item_id":"item_8","delta":"\#(String(repeating: "AAAA", count: 3_200))"}"#
        for (deltas, cut) in [(1, 199), (5, 700)] {
            var replay = VirtualReplay(lines)
            replay.tell(#"{"type":"session.created","session":{}}"#)
            replay.answer("resp_9", #"{"id":"item_8","type":"message"}"#, with: Array(repeating: delta, count: deltas))
            #expect(
                replay.sent.dropLast().last
                    == object(
                        #"{"type":"conversation.item.truncate","item_id":"item_8","content_index":0,"audio_end_ms":\#(cut)}"#
                    ))
        }
    }

    @Test("Ids that the client gave itself stay; what it asks about them is asked at once")
    func ownIDs() {
        var replay = VirtualReplay(
            """
            server {"type":"session.created","session":{}}
            client {"type":"conversation.item.create","item":{"id":"mine","type":"message","role":"user"}}
            server {"type":"conversation.item.added","item":{"id":"mine","type":"message","role":"user"}}
            client {"type":"conversation.item.create","item":{"type":"message","role":"user"}}
            server {"type":"conversation.item.added","item":{"id":"item_b","type":"message","role":"user"}}
            client {"type":"conversation.item.delete","item_id":"mine"}
            client {"type":"conversation.item.delete","item_id":"item_b"}
            """)
        replay.tell(#"{"type":"session.created","session":{}}"#)
        #expect(replay.sent.last == object(#"{"type":"conversation.item.delete","item_id":"mine"}"#))
        replay.tell(#"{"type":"conversation.item.added","item":{"id":"mine","type":"message","role":"user"}}"#)
        #expect(replay.sent.count == 3)
        replay.tell(#"{"type":"conversation.item.added","item":{"id":"item_9","type":"message","role":"user"}}"#)
        #expect(replay.sent.dropFirst(3).first == object(#"{"type":"conversation.item.delete","item_id":"item_9"}"#))
    }

    @Test("What does not come is waited for once, with the words of what it was")
    func patience() {
        var replay = VirtualReplay(spokenCall)
        replay.tell(#"{"type":"session.created","session":{}}"#)
        replay.pass(seconds: 29)
        #expect(replay.notes.isEmpty)
        replay.pass(seconds: 40)
        #expect(
            replay.notes.prefix(2) == [
                "Nothing came for 30 s: going on without the beginning of an answer.",
                "Nothing came for 30 s: going on without the end of an answer.",
            ])
        replay.pass(seconds: 100)
        #expect(replay.isOver)
    }
}

/// Drives a `ReplayMachine` at stated times.
private struct VirtualReplay {
    private(set) var sent: [JSONObject] = []
    private(set) var turns: [ReplayTurn] = []
    private(set) var notes: [String] = []
    private(set) var isOver = false
    private var machine: ReplayMachine
    private var now = ContinuousClock.now

    init(_ lines: String, sound: CallerSound? = nil) {
        let events = recording(lines)
        machine = ReplayMachine(ReplayPlan(events, sound: sound), recorded: events, now: now)
        perform(machine.advance(now: now))
    }

    mutating func tell(_ json: String) {
        guard let event = object(json) else { return }
        perform(machine.event(event, now: now))
    }

    /// A whole answer of one item.
    mutating func answer(_ id: String, _ item: String, with events: [String] = []) {
        tell(#"{"type":"response.created","response":{"id":"\#(id)"}}"#)
        tell(#"{"type":"response.output_item.added","response_id":"\#(id)","output_index":0,"item":\#(item)}"#)
        for event in events { tell(event) }
        tell(#"{"type":"response.done","response":{"id":"\#(id)","status":"completed","output":[\#(item)]}}"#)
    }

    mutating func pass(seconds: Int) {
        for _ in 0..<seconds { pass(ms: 1_000) }
    }

    mutating func pass(ms: Int) {
        now += .milliseconds(ms)
        perform(machine.advance(now: now))
    }

    private mutating func perform(_ actions: [ReplayMachine.Action]) {
        for action in actions {
            switch action {
            case .send(let json): sent += object(String(decoding: json, as: UTF8.self)).map { [$0] } ?? []
            case .turnEnded(let turn): turns.append(turn)
            case .note(let words): notes.append(words)
            case .hangUp: isOver = true
            }
        }
    }
}

extension JSONObject {
    fileprivate var type: String { text("type") ?? "" }
}
