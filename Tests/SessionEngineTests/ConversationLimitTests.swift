import RealtimeProtocol
import Testing

@testable import SessionEngine

@Suite("Limits of a session")
struct ConversationLimitTests {
    private func machine() -> SessionMachine {
        let engine = EngineLimits(
            contextTokens: 32_000, maxOutputTokens: 4_000, acceptsImages: false, scoresTurns: false)
        let settings = SessionMachineConfiguration(
            session: SessionID("sess_1"), conversation: ConversationID("conv_1"),
            initial: SessionConfiguration(kind: .realtime, model: "m"), engine: engine, startedAt: 0, seed: 1)
        var machine = SessionMachine(settings, now: .now)
        _ = machine.handle(.attached(TransportID(rawValue: 0), .webSocket), now: .now)
        return machine
    }

    private func create(_ text: String) -> SessionInput {
        let item = NewItem(body: .message(Message(role: .user, content: [.inputText(text)])))
        return .client(ClientEvent(.conversationItemCreate(item, .end)), from: TransportID(rawValue: 0))
    }

    private func isRefused(_ effects: [SessionEffect]) -> Bool {
        if case .emit(.error(let error), _)? = effects.first { error.code == "conversation_full" } else { false }
    }

    @Test("Ten thousand items are taken and answered; beyond the limit there is an error, and the session goes on")
    func items() {
        var machine = machine()
        let now = ContinuousClock.now
        for _ in 0..<Conversation.maxItems { _ = machine.handle(create("x"), now: now) }
        #expect(isRefused(machine.handle(create("x"), now: now)))
        let answer = machine.handle(
            .client(ClientEvent(.responseCreate(ResponseParameters())), from: TransportID(rawValue: 0)), now: now)
        guard case .startResponse(_, let request)? = answer.last else {
            Issue.record("No answer")
            return
        }
        #expect(!request.items.isEmpty && request.items.count < Conversation.maxItems)
    }

    @Test("What all items say together is bounded, and what is deleted makes room")
    func bytes() throws {
        var machine = machine()
        let now = ContinuousClock.now
        let large = String(repeating: "x", count: Conversation.maxContentBytes / 4)
        var ids: [ItemID] = []
        for _ in 0..<4 {
            let effects = machine.handle(create(large), now: now)
            if case .emit(.conversationItemAdded(let item, _), _)? = effects.first { ids.append(item.id) }
        }
        #expect(isRefused(machine.handle(create("x"), now: now)))
        let id = try #require(ids.first)
        _ = machine.handle(.client(ClientEvent(.conversationItemDelete(id)), from: TransportID(rawValue: 0)), now: now)
        #expect(!isRefused(machine.handle(create("x"), now: now)))
    }

    @Test("Transcriptions beyond the limit fail at once, and the turn goes on")
    func transcriptions() {
        var machine = machine()
        let now = ContinuousClock.now
        let client = TransportID(rawValue: 0)
        let update = JSONObject([
            ("audio", .object(JSONObject([("input", .object(JSONObject([("transcription", .object(JSONObject()))])))])))
        ])
        _ = machine.handle(.client(ClientEvent(.sessionUpdate(update)), from: client), now: now)
        var asked = 0
        var failed: [ProtocolError] = []
        for count in 1...(Transcriptions.maxPending + 1) {
            _ = machine.handle(.audio(until: AudioPosition(ms: count * 200)), now: now)
            for effect in machine.handle(.client(ClientEvent(.inputAudioBufferCommit), from: client), now: now) {
                if case .transcribe = effect { asked += 1 }
                if case .emit(.inputAudioTranscriptionFailed(_, _, let error), _) = effect { failed.append(error) }
            }
        }
        #expect(asked == Transcriptions.maxPending)
        #expect(failed.map(\.code) == ["transcription_overload"])
    }

    @Test("Names have a prefix and 21 characters, and a seed repeats them")
    func names() {
        var source = IdentifierSource(seed: 9)
        var again = IdentifierSource(seed: 9)
        let names = (0..<10_000).map { _ in source.item().rawValue }
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.hasPrefix("item_") && $0.count == 26 })
        #expect(again.item().rawValue == names[0])
    }
}
