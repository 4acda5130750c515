import RealtimeProtocol
import SessionEngine
import Testing

@testable import VoiceSession

@Suite("Replay log") struct ReplayLogTests {
    private static let part = PartAddress(
        item: ItemAddress(response: ResponseID("resp"), item: ItemID("item"), outputIndex: 0), contentIndex: 0)

    @Test("What comes after an event is missed; without one, what came since the loss")
    func after() {
        var log = ReplayLog(.webSocket)
        for number in 0..<4 { log.keep(.outputTextDelta(Self.part, "\(number)"), id: "event_\(number)", for: nil) }
        #expect(log.missed(by: .webSocket, after: "event_1").events.map(\.id) == ["event_2", "event_3"])
        #expect(log.missed(by: .webSocket, after: "event_3").events.isEmpty)
        #expect(log.missed(by: .webSocket, after: "event_3").isComplete)
        log.clientWasLost()
        #expect(log.missed(by: .webSocket, after: nil).events.isEmpty)
        log.keep(.inputAudioBufferCleared, id: "event_4", for: nil)
        #expect(log.missed(by: .webSocket, after: nil).events.map(\.id) == ["event_4"])
        // Of an event in pieces the last was not had.
        #expect(log.missed(by: .webSocket, after: "event_3_1").events.map(\.id) == ["event_3", "event_4"])
    }

    @Test("What is for another kind of transport, or about the one before, is not sent to the new one")
    func kinds() {
        var log = ReplayLog(.peer)
        log.keep(.conversationCreated(ConversationID("conv")), id: "event_0", for: nil)
        log.keep(.outputAudioBufferCleared(ResponseID("resp")), id: "event_1", for: .peer)
        log.keep(.outputAudioDelta(Self.part, [1, 2]), id: "event_2", for: .webSocket)
        #expect(log.missed(by: .peer, after: "event_0").events.map(\.id) == ["event_1"])
        #expect(log.missed(by: .webSocket, after: "event_0").events.isEmpty)
        log.kind = .webSocket
        log.keep(.outputAudioDelta(Self.part, [1, 2]), id: "event_3", for: .webSocket)
        #expect(log.missed(by: .webSocket, after: "event_1").events.map(\.id) == ["event_3"])
        // Sound in an event has no way to a peer.
        #expect(!log.missed(by: .peer, after: "event_1").isComplete)
        #expect(log.missed(by: .peer, after: "event_3").isComplete)
    }

    @Test("Events and audio beyond the limits are let go, and that is told")
    func limits() {
        var log = ReplayLog(.webSocket)
        log.clientWasLost()
        for number in 0..<(3 * ReplayLog.maxEvents) {
            log.keep(.inputAudioBufferCleared, id: "event_\(number)", for: nil)
        }
        let missed = log.missed(by: .webSocket, after: nil)
        #expect(missed.events.count == ReplayLog.maxEvents && !missed.isComplete)
        #expect(missed.events.last?.id == "event_\(3 * ReplayLog.maxEvents - 1)")
        #expect(!log.missed(by: .webSocket, after: "event_5").isComplete)

        let third = [UInt8](repeating: 0, count: ReplayLog.maxAudioBytes / 3)
        for number in 0..<4 { log.keep(.outputAudioDelta(Self.part, third), id: "audio_\(number)", for: .webSocket) }
        #expect(log.missed(by: .webSocket, after: "audio_0").isComplete == false)
        #expect(log.missed(by: .webSocket, after: "audio_1").events.map(\.id) == ["audio_2", "audio_3"])
        let long = [UInt8](repeating: 0, count: ReplayLog.maxAudioBytes + 1)
        log.keep(.outputAudioDelta(Self.part, long), id: "audio_4", for: .webSocket)
        #expect(log.missed(by: .webSocket, after: "audio_3").isComplete == false)
    }

    @Test("Sound that was let go is not held any more")
    func letGo() {
        var log = ReplayLog(.webSocket)
        var sound = [UInt8](repeating: 0, count: ReplayLog.maxAudioBytes / 2 + 1)
        log.keep(.outputAudioDelta(Self.part, sound), id: "audio_0", for: .webSocket)
        let more = [UInt8](repeating: 1, count: sound.count)
        log.keep(.outputAudioDelta(Self.part, more), id: "audio_1", for: .webSocket)
        let place = sound.withUnsafeBufferPointer(\.baseAddress)
        // Changed where it is, since nobody else has it.
        sound[0] = 1
        #expect(sound.withUnsafeBufferPointer(\.baseAddress) == place)
        #expect(log.missed(by: .webSocket, after: "audio_0").events.map(\.id) == ["audio_1"])
    }
}
