import RealtimeProtocol
import Testing

@testable import LoadGenerator

@Suite("The plan of a replay")
struct ReplayPlanTests {
    @Test("A spoken turn is written, and the answer that the server began by itself is asked for")
    func spoken() {
        let plan = ReplayPlan(recording(spokenCall))
        #expect(
            plan.sent == [
                "session.update", "“What time is it?”", "response.create", "function_call_output", "response.create",
            ])
        #expect(plan.asked == [["What time is it?"], ["(result of a tool) noon"]])
        #expect(plan.model == "gpt-realtime" && plan.isWebRTC)
        #expect(
            plan.words == "5 events of the client to be sent. It was a WebRTC call, whose sound is not in the file: "
                + "1 spoken turn goes in writing.")
    }

    @Test("With push-to-talk the words stand before the request for an answer, where the button was let go")
    func pushToTalk() {
        let plan = ReplayPlan(
            recording(
                """
                server {"type":"session.created","session":{}}
                client {"type":"input_audio_buffer.clear"}
                client {"type":"input_audio_buffer.append","audio":"(960 bytes of sound)"}
                client {"type":"input_audio_buffer.commit"}
                client {"type":"response.create"}
                server {"type":"input_audio_buffer.cleared"}
                server {"type":"input_audio_buffer.committed","item_id":"item_u"}
                server {"type":"response.created","response":{"id":"resp_1"}}
                server {"type":"conversation.item.input_audio_transcription.completed","item_id":"item_u","transcript":"Hello."}
                server {"type":"response.done","response":{"id":"resp_1"}}
                """))
        #expect(plan.sent == ["“Hello.”", "response.create"])
        #expect(!plan.isWebRTC)
    }

    @Test("A turn without words and a commit of nothing leave no step, and nothing else is put out of place")
    func wordless() {
        let plan = ReplayPlan(
            recording(
                """
                server {"type":"session.created","session":{}}
                client {"type":"input_audio_buffer.commit"}
                server {"type":"error","error":{"code":"input_audio_buffer_commit_empty"}}
                client {"type":"input_audio_buffer.commit"}
                server {"type":"input_audio_buffer.committed","item_id":"item_u"}
                server {"type":"conversation.item.input_audio_transcription.completed","item_id":"item_u","transcript":" "}
                client {"type":"input_audio_buffer.commit"}
                server {"type":"input_audio_buffer.committed","item_id":"item_v"}
                server {"type":"conversation.item.input_audio_transcription.completed","item_id":"item_v","transcript":"Hello."}
                """))
        #expect(plan.sent == ["“Hello.”"])
        #expect(plan.spokenTurns == 1 && plan.wordlessTurns == 1)
    }

    @Test("What the server cut by itself is cut by an event, once the answer has ended")
    func cut() throws {
        let plan = ReplayPlan(
            recording(
                """
                server {"type":"session.created","session":{}}
                client {"type":"response.create"}
                server {"type":"response.created","response":{"id":"resp_1"}}
                server {"type":"response.output_item.added","response_id":"resp_1","item":{"id":"item_a","type":"message"}}
                server {"type":"conversation.item.truncated","item_id":"item_a","content_index":0,"audio_end_ms":700}
                server {"type":"response.done","response":{"id":"resp_1","status":"cancelled"}}
                """))
        let step = try #require(plan.steps.last)
        #expect(
            step.event
                == object(
                    #"{"type":"conversation.item.truncate","item_id":"item_a","content_index":0,"audio_end_ms":700}"#))
        #expect(step.needs[.answerBegun] == 1 && step.needs[.answerEnded] == 1 && step.intoAnswerMs == nil)
    }

    @Test("A refused request for an answer is not taken for the next one, which the server begins by itself")
    func refused() {
        let plan = ReplayPlan(
            recording(
                """
                server {"type":"session.created","session":{}}
                client {"type":"response.create","response":{"output_modalities":["smell"]}}
                server {"type":"error","error":{"code":"invalid_value"}}
                server {"type":"response.created","response":{"id":"resp_1"}}
                """))
        #expect(plan.sent == ["response.create", "response.create"])
    }

    @Test("Where the caller's sound was kept a turn is said again and committed, with turn detection off")
    func sound() throws {
        // An event every 100 ms: speech is noticed at 300 ms, the turn committed at 500 ms.
        let sound = CallerSound(samples: (0..<24_000).map { Int16($0) })
        let plan = ReplayPlan(recording(spokenCall), sound: sound)
        #expect(
            plan.sent == [
                "session.update", "input_audio_buffer.commit", "response.create", "function_call_output",
                "response.create",
            ])
        let update = try #require(plan.steps.first?.event.object("session")?.object("audio")?.object("input"))
        #expect(update["turn_detection"] == .null)
        let part = try #require(plan.steps[1].sound)
        #expect(part == 0..<12_000)
        let append = try #require(sound.appends(part).first)
        #expect(append.text("type") == "input_audio_buffer.append" && append.text("audio")?.utf8.count == 32_000)
        #expect(append.text("audio")?.hasPrefix("AAABAAIA") == true)
        #expect(plan.soundTurns == ["What time is it?"] && plan.spokenTurns == 0)
        #expect(plan.asked == [["What time is it?"], ["(result of a tool) noon"]])
        #expect(plan.words == "5 events of the client to be sent. 1 spoken turn is spoken again.")
    }

    @Test(
        "A turn begins a second before it was noticed or where the one before ended; without sound it goes in writing")
    func parts() {
        let lines = (0..<60).map { place in
            switch place {
            case 0: #"server {"type":"session.created","session":{}}"#
            case 20, 28, 50: #"server {"type":"input_audio_buffer.speech_started"}"#
            case 25, 33, 55: #"server {"type":"input_audio_buffer.committed","item_id":"item_\#(place)"}"#
            case 58:
                #"server {"type":"conversation.item.input_audio_transcription.completed","item_id":"item_55","#
                    + #""transcript":"Bye."}"#
            default: #"server {"type":"x"}"#
            }
        }
        let sound = CallerSound(samples: [Int16](repeating: 1, count: 24 * 4_000))
        let plan = ReplayPlan(recording(lines.joined(separator: "\n")), sound: sound)
        #expect(
            plan.steps.map(\.sound) == [nil, 1_000 * 24..<2_500 * 24, 2_500 * 24..<3_300 * 24, nil])
        #expect(plan.sent == ["session.update", "input_audio_buffer.commit", "input_audio_buffer.commit", "“Bye.”"])
    }

    @Test("Nothing from the client, nothing to be sent")
    func empty() {
        #expect(ReplayPlan(recording(#"server {"type":"session.created","session":{}}"#)).isEmpty)
        #expect(ReplayPlan([]).isEmpty)
    }
}

extension ReplayPlan {
    /// Each step in a word.
    fileprivate var sent: [String] {
        steps.map { step in
            let item = step.event.object("item")
            let text = item?.objects("content").first?.text("text").map { "“\($0)”" }
            return text ?? item?.text("type") ?? step.event.text("type") ?? ""
        }
    }
}
