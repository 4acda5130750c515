import RealtimeProtocol
import SessionEngine
import Testing

@testable import VoiceSession

@Suite("Replay log") struct ReplayLogTests {
    private static let part = PartAddress(
        item: ItemAddress(response: ResponseID("resp"), item: ItemID("item"), outputIndex: 0), contentIndex: 0)

    private static let start = ContinuousClock.now

    @Test("What comes after an event is missed; without one, what came since the loss")
    func after() {
        var log = ReplayLog(.webSocket, grace: .seconds(30))
        for number in 0..<4 {
            log.keep(.outputTextDelta(Self.part, "\(number)"), id: "event_\(number)", for: nil, now: Self.start)
        }
        #expect(log.missed(by: .webSocket, after: "event_1").events.map(\.id) == ["event_2", "event_3"])
        #expect(log.missed(by: .webSocket, after: "event_3").events.isEmpty)
        #expect(log.missed(by: .webSocket, after: "event_3").isComplete)
        log.clientWasLost()
        #expect(log.missed(by: .webSocket, after: nil).events.isEmpty)
        log.keep(.inputAudioBufferCleared, id: "event_4", for: nil, now: Self.start)
        #expect(log.missed(by: .webSocket, after: nil).events.map(\.id) == ["event_4"])
        // Of an event in pieces the last was not had.
        #expect(log.missed(by: .webSocket, after: "event_3_1").events.map(\.id) == ["event_3", "event_4"])
    }

    @Test("What is for another kind of transport, or about the one before, is not sent to the new one")
    func kinds() {
        var log = ReplayLog(.peer, grace: .seconds(30))
        log.keep(.conversationCreated(ConversationID("conv")), id: "event_0", for: nil, now: Self.start)
        log.keep(.outputAudioBufferCleared(ResponseID("resp")), id: "event_1", for: .peer, now: Self.start)
        log.keep(.outputAudioDelta(Self.part, [1, 2]), id: "event_2", for: .webSocket, now: Self.start)
        #expect(log.missed(by: .peer, after: "event_0").events.map(\.id) == ["event_1"])
        #expect(log.missed(by: .webSocket, after: "event_0").events.isEmpty)
        log.kind = .webSocket
        log.keep(.outputAudioDelta(Self.part, [1, 2]), id: "event_3", for: .webSocket, now: Self.start)
        #expect(log.missed(by: .webSocket, after: "event_1").events.map(\.id) == ["event_3"])
        // Sound in an event has no way to a peer.
        #expect(!log.missed(by: .peer, after: "event_1").isComplete)
        #expect(log.missed(by: .peer, after: "event_3").isComplete)
    }

    @Test("Events and audio beyond the limits are let go, and that is told")
    func limits() {
        var log = ReplayLog(.webSocket, grace: .seconds(30))
        log.clientWasLost()
        for number in 0..<(3 * ReplayLog.maxEvents) {
            log.keep(.inputAudioBufferCleared, id: "event_\(number)", for: nil, now: Self.start)
        }
        let missed = log.missed(by: .webSocket, after: nil)
        #expect(missed.events.count == ReplayLog.maxEvents && !missed.isComplete)
        #expect(missed.events.last?.id == "event_\(3 * ReplayLog.maxEvents - 1)")
        #expect(!log.missed(by: .webSocket, after: "event_5").isComplete)

        let third = [UInt8](repeating: 0, count: ReplayLog.maxAudioBytes / 3)
        for number in 0..<4 {
            log.keep(.outputAudioDelta(Self.part, third), id: "audio_\(number)", for: .webSocket, now: Self.start)
        }
        #expect(log.missed(by: .webSocket, after: "audio_0").isComplete == false)
        #expect(log.missed(by: .webSocket, after: "audio_1").events.map(\.id) == ["audio_2", "audio_3"])
        let long = [UInt8](repeating: 0, count: ReplayLog.maxAudioBytes + 1)
        log.keep(.outputAudioDelta(Self.part, long), id: "audio_4", for: .webSocket, now: Self.start)
        #expect(log.missed(by: .webSocket, after: "audio_3").isComplete == false)
    }

    @Test("Sound that was let go is not held any more")
    func letGo() {
        var log = ReplayLog(.webSocket, grace: .seconds(30))
        var sound = [UInt8](repeating: 0, count: ReplayLog.maxAudioBytes / 2 + 1)
        log.keep(.outputAudioDelta(Self.part, sound), id: "audio_0", for: .webSocket, now: Self.start)
        let more = [UInt8](repeating: 1, count: sound.count)
        log.keep(.outputAudioDelta(Self.part, more), id: "audio_1", for: .webSocket, now: Self.start)
        let place = sound.withUnsafeBufferPointer(\.baseAddress)
        // Changed where it is, since nobody else has it.
        sound[0] = 1
        #expect(sound.withUnsafeBufferPointer(\.baseAddress) == place)
        #expect(log.missed(by: .webSocket, after: "audio_0").events.map(\.id) == ["audio_1"])
    }

    @Test("Sound of a time from which nobody can come back is let go, the place of its event is kept")
    func age() {
        var log = ReplayLog(.webSocket, grace: .seconds(30))
        var sound = [UInt8](repeating: 0, count: 4_800)
        log.keep(.outputAudioDelta(Self.part, sound), id: "audio_0", for: .webSocket, now: Self.start)
        log.keep(.outputTextDelta(Self.part, "0"), id: "text_0", for: nil, now: Self.start)
        let place = sound.withUnsafeBufferPointer(\.baseAddress)
        log.keep(.outputTextDelta(Self.part, "1"), id: "text_1", for: nil, now: Self.start + .seconds(90))
        #expect(log.missed(by: .webSocket, after: "audio_0").events.map(\.id) == ["text_0", "text_1"])
        log.keep(.outputTextDelta(Self.part, "2"), id: "text_2", for: nil, now: Self.start + .seconds(91))
        // Changed where it is, since nobody else has it.
        sound[0] = 1
        #expect(sound.withUnsafeBufferPointer(\.baseAddress) == place)
        let last = log.missed(by: .webSocket, after: "audio_0")
        #expect(last.events.map(\.id) == ["text_0", "text_1", "text_2"] && last.isComplete)
        log.clientWasLost()
        #expect(log.missed(by: .webSocket, after: nil).isComplete)
    }

    @Test("A client that has not had sound which was let go is told so")
    func ageTold() {
        var log = ReplayLog(.webSocket, grace: .seconds(30))
        log.keep(.outputTextDelta(Self.part, "0"), id: "text_0", for: nil, now: Self.start)
        log.keep(.outputAudioDelta(Self.part, [1, 2]), id: "audio_0", for: .webSocket, now: Self.start)
        #expect(log.missed(by: .webSocket, after: "text_0").isComplete)
        log.keep(.outputTextDelta(Self.part, "1"), id: "text_1", for: nil, now: Self.start + .seconds(91))
        let missed = log.missed(by: .webSocket, after: "text_0")
        #expect(missed.events.map(\.id) == ["text_1"] && !missed.isComplete)
    }
}
