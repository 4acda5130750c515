import RealtimeProtocol
import SessionEngine
import Testing

@testable import VoiceSession

@Suite("Requests of a language model that hears") struct HeardRequestTests {
    private static let old = ItemID("item_old")
    private static let new = ItemID("item_new")

    @Test("What the user said since the last answer goes as sound with its words; what was answered stays words")
    func sinceTheLastAnswer() {
        var store = ItemAudioStore(ItemAudioBudget(limitBytes: .max))
        let second = [UInt8](repeating: 0x12, count: 48_000)
        store.append(second, .pcm, to: Self.old, contentIndex: 0)
        store.append(second, .pcm, to: Self.new, contentIndex: 0)
        let items = HeardRequest(Self.request, store).whole().items
        #expect(items[0] == Self.request.items[0])
        guard case .message(let message) = items[2].body, case .inputAudio(let words, let file?) = message.content[0]
        else {
            Issue.record()
            return
        }
        #expect(words == "And in Bergen?")
        #expect(file.starts(with: "RIFF".utf8))
        // A second at 16 kHz.
        #expect(file.count == 44 + 32_000)
    }

    @Test("Sound that is not held, or longer than two minutes, stays words")
    func withoutSound() {
        #expect(HeardRequest(Self.request, ItemAudioStore(ItemAudioBudget(limitBytes: .max))).whole() == Self.request)
        var store = ItemAudioStore(ItemAudioBudget(limitBytes: .max))
        store.append([UInt8](repeating: 0xFF, count: 122 * 8_000), .pcmu, to: Self.new, contentIndex: 0)
        #expect(HeardRequest(Self.request, store).whole() == Self.request)
    }

    private static let request = ModelRequest(
        instructions: "",
        items: [
            Item(
                id: old,
                body: .message(Message(role: .user, content: [.inputAudio(transcript: "And in Oslo?", audio: nil)]))),
            Item(id: ItemID("item_answer"), body: .message(Message(role: .assistant, content: [.outputText("Cold.")]))),
            Item(
                id: new,
                body: .message(Message(role: .user, content: [.inputAudio(transcript: "And in Bergen?", audio: nil)]))),
        ], tools: [], toolChoice: .auto, parallelToolCalls: nil, reasoningEffort: nil, maxOutputTokens: .infinite,
        outputModality: .audio)
}
