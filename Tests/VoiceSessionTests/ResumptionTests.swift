import AudioPipeline
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import Testing

@testable import VoiceSession

@Suite("Pipeline session: a client that comes back", .timeLimit(.minutes(1)))
struct ResumptionTests {
    private static let profile = ClientProfile(wantsExtensions: true)
    private static let sound = (0..<24_000).map { Int16($0 / 2) }

    private static func offer(_ token: String) -> ResumeOffer { ResumeOffer(token: token, grace: .seconds(30)) }

    @Test("A socket that comes back gets what it has not had, under the ids it would have had, then what is new")
    func socket() async {
        let test = SessionUnderTest { $0.outputModality = .text }
        let first = RecordingTransport(profile: Self.profile)
        let running = Task { await test.session.run(first, offering: Self.offer("one")) }
        let created = await first.next("session.created")
        #expect(created.contains(#""parley":{"resume":{"token":"one","grace_seconds":30}}"#))
        let model = await Self.asked(test, first)
        await model.do(.say(.text("One ")))
        let last = await first.next("response.output_text.delta")
        first.give(.departed(.lost))
        await Self.wait(test)
        await model.do(.say(.text("two ")))
        let second = RecordingTransport(profile: Self.profile)
        let back = Task {
            await test.session.resume(second, offering: Self.offer("two"), after: last.member("event_id"))
        }
        let again = await second.nextEvent()
        #expect(again.contains(#""token":"two","grace_seconds":30,"replayed":1,"complete":true"#))
        let missed = await second.nextEvent()
        #expect(missed.member("delta") == "two ")
        model.go(.say(.text("three.")))
        let new = await second.nextEvent()
        #expect(new.member("delta") == "three.")
        #expect(Set([last, missed, new].map { $0.member("event_id") }).count == 3)
        second.give(.departed(.goodbye))
        #expect(await back.value)
        await running.value
        #expect(await test.session.endReason == .clientLeft)
    }

    @Test("An event that is not held any more is said to be missing, and what is held comes all the same")
    func unknownEvent() async {
        let test = SessionUnderTest { $0.outputModality = .text }
        let first = RecordingTransport(profile: Self.profile)
        let running = Task { await test.session.run(first, offering: Self.offer("one")) }
        await first.next("session.created")
        first.give(.departed(.lost))
        await Self.wait(test)
        let second = RecordingTransport(profile: Self.profile)
        let back = Task { await test.session.resume(second, offering: Self.offer("two"), after: "event_of_long_ago") }
        #expect(await second.nextEvent().contains(#""complete":false"#))
        #expect(await second.nextEvent().contains(#""code":"events_missed""#))
        second.give(.departed(.goodbye))
        #expect(await back.value)
        await running.value
    }

    @Test("A peer that comes back before it is missed takes its own place, and hears once more what it has not heard")
    func peer() async {
        let test = SessionUnderTest()
        let media = RecordingMedia()
        let first = RecordingTransport(kind: .peer, profile: Self.profile, media: media)
        let running = Task { await test.session.run(first, offering: Self.offer("one")) }
        await first.next("session.created")
        await Self.speak(test, first)
        media.play(frames: 25)
        await first.next("output_audio_buffer.started")
        let newMedia = RecordingMedia()
        let second = RecordingTransport(kind: .peer, profile: Self.profile, media: newMedia)
        let back = Task { await test.session.resume(second, offering: Self.offer("two"), after: nil) }
        await second.next("session.created")
        #expect(first.closeReasons == [.clientLeft])
        var heard: [Int16] = []
        // 200 ms are queued at a time.
        while heard.last != Self.sound.last {
            heard += newMedia.play(frames: 1).flatMap { $0 }
            await Task.yield()
        }
        await second.next("output_audio_buffer.stopped")
        #expect(heard.count >= 12_000 && heard == Self.sound.suffix(heard.count))
        second.give(.departed(.goodbye))
        #expect(await back.value)
        await running.value
    }

    @Test("A peer that comes back by WebSocket gets what it has not heard in events")
    func peerAsSocket() async throws {
        let test = SessionUnderTest()
        let media = RecordingMedia()
        let first = RecordingTransport(kind: .peer, profile: Self.profile, media: media)
        let running = Task { await test.session.run(first, offering: Self.offer("one")) }
        await first.next("session.created")
        await Self.speak(test, first)
        first.give(.departed(.lost))
        await Self.wait(test)
        let second = RecordingTransport(profile: Self.profile)
        let back = Task { await test.session.resume(second, offering: Self.offer("two"), after: nil) }
        let delta = await second.next("response.output_audio.delta")
        let bytes = try #require(delta.member("delta").flatMap { Base64.decode($0.utf8) })
        #expect(bytes == Self.sound.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
        second.give(.departed(.goodbye))
        #expect(await back.value)
        await running.value
    }

    @Test("The voice waits for a client that was lost, and for no longer than it may be away")
    func grace() async {
        let test = SessionUnderTest()
        let first = RecordingTransport(profile: Self.profile)
        let running = Task { await test.session.run(first, offering: Self.offer("one")) }
        await first.next("session.created")
        let model = await Self.asked(test, first)
        await model.do(.say(.text("An answer.")))
        model.go(.end(.stop))
        let voice = await test.engine.voice.called()
        first.give(.departed(.lost))
        await Self.wait(test)
        voice.go(.say(SynthesizedAudio(samples: Self.sound, words: [])))
        await test.clock.sleepers(1)
        test.clock.advance(by: .seconds(31))
        await running.value
        #expect(await test.session.endReason == .notResumed)
        #expect(first.count("response.output_audio.delta") == 0)
        let late = RecordingTransport(profile: Self.profile)
        #expect(await test.session.resume(late, offering: Self.offer("two"), after: nil) == false)
    }

    // MARK: Inside

    private static func asked(
        _ test: SessionUnderTest, _ client: RecordingTransport
    ) async -> SuspendedStage<ModelRequest, SuspendedEngine.ModelStep>.Call {
        client.give(#"{"type":"response.create"}"#)
        return await test.engine.model.called()
    }

    /// An answer of one second, made to its end.
    private static func speak(_ test: SessionUnderTest, _ client: RecordingTransport) async {
        let model = await asked(test, client)
        await model.do(.say(.text("An answer.")))
        model.go(.end(.stop))
        let voice = await test.engine.voice.called()
        await voice.do(.say(SynthesizedAudio(samples: sound, words: [])))
        voice.go(.end)
        await client.next("response.done")
    }

    /// Until the session has noticed that its client is gone.
    private static func wait(_ test: SessionUnderTest) async {
        while await !test.session.transports.isEmpty { await Task.yield() }
    }
}
