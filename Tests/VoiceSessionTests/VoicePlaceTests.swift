import AudioPipeline
import RealtimeProtocol
import SessionEngine
import TestKit
import Testing

@testable import VoiceSession

@Suite("Pipeline session: where windows are judged", .timeLimit(.minutes(1)))
struct VoicePlaceTests {
    @Test("Windows are judged on the thread that their sound comes on, seconds that come at one time on the pool")
    func withTheSound() async {
        let thread = SoundThread()
        let media = RecordingMedia(executor: thread)
        let machine = ScriptedMachine { input in
            switch input {
            case .attached: [.configureInput(.pcmWithVoice)]
            case .detached: [.closed(.clientLeft)]
            default: []
            }
        }
        let engine = SuspendedEngine(activity: SuspendedActivity(on: [thread]))
        let test = SessionUnderTest(machine: machine, engine: engine)
        await test.run(RecordingTransport(kind: .peer, media: media)) { _ in
            _ = await machine.log.next { if case .attached = $0 { true } else { false } }
            for frame in 0..<16 { media.say([Int16](repeating: 9_000, count: 480), at: Int64(frame) * 960) }
            _ = await machine.log.next { $0 == .voice(probability: 1, at: AudioPosition(ms: 320)) }
            // The peer falls silent, and 4.8 s of that are known at once.
            await test.clock.sleepers(1)
            test.clock.advance(by: .seconds(5))
            _ = await machine.log.next { $0 == .voice(probability: 0, at: AudioPosition(ms: 5_120)) }
            // With it once more.
            for frame in 16..<32 { media.say([Int16](repeating: 9_000, count: 480), at: Int64(frame) * 960) }
            _ = await machine.log.next { $0 == .voice(probability: 1, at: AudioPosition(ms: 5_440)) }
        }
        let places = test.engine.activity.places
        #expect(places.prefix(10).allSatisfy { $0 == 0 })
        #expect(places[10..<160].allSatisfy { $0 == nil })
        #expect(places[160...].allSatisfy { $0 == 0 })
    }

    @Test("In a long conversation windows are judged on the pool, since what follows from a turn's last takes long")
    func longConversation() async {
        let thread = SoundThread()
        let media = RecordingMedia(executor: thread)
        let item = Item(id: ItemID("item_1"), body: .message(Message(role: .user, content: [.inputText("Hello.")])))
        let machine = ScriptedMachine { input in
            switch input {
            case .attached: [.configureInput(.pcmWithVoice)]
            case .detached: [.closed(.clientLeft)]
            case .voice(_, AudioPosition(ms: 320)):
                Array(
                    repeating: .emit(.conversationItemAdded(item, previousItemID: nil), to: .everyone),
                    count: PipelineSession.longItems + 1)
            default: []
            }
        }
        let engine = SuspendedEngine(activity: SuspendedActivity(on: [thread]))
        let test = SessionUnderTest(machine: machine, engine: engine)
        await test.run(RecordingTransport(kind: .peer, media: media)) { _ in
            for frame in 0..<32 { media.say([Int16](repeating: 9_000, count: 480), at: Int64(frame) * 960) }
            _ = await machine.log.next { $0 == .voice(probability: 1, at: AudioPosition(ms: 640)) }
        }
        #expect(test.engine.activity.places == [Int?](repeating: 0, count: 10) + [Int?](repeating: nil, count: 10))
    }

    @Test("With a client that is back by another peer, the windows move to its thread")
    func moves() async {
        let threads = [SoundThread(), SoundThread()]
        let test = SessionUnderTest(engine: SuspendedEngine(activity: SuspendedActivity(on: threads)))
        let offer = ResumeOffer(token: "one", grace: .seconds(30))
        let before = RecordingMedia(executor: threads[0])
        let first = RecordingTransport(kind: .peer, media: before)
        let running = Task { await test.session.run(first, offering: offer) }
        await first.next("session.created")
        for frame in 0..<20 { before.say([Int16](repeating: 9_000, count: 480), at: Int64(frame) * 960) }
        await first.next("input_audio_buffer.speech_started")
        let after = RecordingMedia(executor: threads[1])
        let second = RecordingTransport(kind: .peer, media: after)
        let back = Task { await test.session.resume(second, offering: offer, after: nil) }
        await second.next("session.created")
        for frame in 0..<40 { after.say([Int16](repeating: 0, count: 480), at: Int64(frame) * 960) }
        await second.next("input_audio_buffer.speech_stopped")
        #expect(test.engine.activity.places.first == 0)
        #expect(test.engine.activity.places.last == 1)
        second.give(.departed(.goodbye))
        #expect(await back.value)
        await running.value
    }
}
