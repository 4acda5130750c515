import RealtimeProtocol
import Testing

@testable import VoiceSession

@Suite("Item audio store") struct ItemAudioStoreTests {
    private static let first = ItemID("item_1")
    private static let second = ItemID("item_2")

    @Test("Audio grows, is cut to samples counted at 24 kHz, and goes with its item")
    func life() {
        var store = ItemAudioStore(ItemAudioBudget(limitBytes: .max))
        store.append([1, 2, 3, 4], .pcm, to: Self.first, contentIndex: 0)
        store.append([5, 6], .pcm, to: Self.first, contentIndex: 0)
        store.append([1, 2, 3], .pcmu, to: Self.second, contentIndex: 1)
        #expect(store[Self.first, 0]?.bytes == [1, 2, 3, 4, 5, 6])
        store.cut(Self.first, contentIndex: 0, samples: 2)
        #expect(store[Self.first, 0]?.bytes == [1, 2, 3, 4])
        store.cut(Self.second, contentIndex: 1, samples: 7)
        #expect(store[Self.second, 1]?.bytes == [1, 2])
        #expect(store.heldBytes == 6)
        store.remove(Self.first)
        #expect(store[Self.first, 0] == nil)
        #expect(store.heldBytes == 2)
    }

    @Test("Beyond the limit the oldest audio goes whole, and does not begin again in its middle")
    func limit() {
        var store = ItemAudioStore(ItemAudioBudget(limitBytes: .max))
        let most = [UInt8](repeating: 1, count: ItemAudioStore.limitBytes)
        store.append(most, .pcm, to: Self.first, contentIndex: 0)
        store.append([1, 2], .pcm, to: Self.second, contentIndex: 0)
        #expect(store[Self.first, 0] == nil)
        store.append([3, 4], .pcm, to: Self.first, contentIndex: 0)
        #expect(store[Self.first, 0] == nil)
        #expect(store[Self.second, 0]?.bytes == [1, 2])
        #expect(store.heldBytes == 2)
        #expect(store.droppedBytes == most.count + 2)
    }

    @Test("One item beyond the limit is not held in part")
    func oneTooLong() {
        var store = ItemAudioStore(ItemAudioBudget(limitBytes: .max))
        let half = [UInt8](repeating: 1, count: ItemAudioStore.limitBytes / 2 + 1)
        store.append(half, .pcm, to: Self.first, contentIndex: 0)
        store.append(half, .pcm, to: Self.first, contentIndex: 0)
        #expect(store[Self.first, 0] == nil)
        #expect(store.heldBytes == 0)
    }

    @Test("All sessions together keep so much: one that adds lets go of its oldest, and of all at its end")
    func budget() {
        let budget = ItemAudioBudget(limitBytes: 3 << 20)
        let part = [UInt8](repeating: 1, count: 1 << 20)
        var store = ItemAudioStore(budget)
        for item in [Self.first, Self.second] { store.append(part, .pcm, to: item, contentIndex: 0) }
        do {
            var other = ItemAudioStore(budget)
            for item in [Self.first, Self.second] { other.append(part, .pcm, to: item, contentIndex: 0) }
            #expect(other[Self.first, 0] == nil)
            #expect(other[Self.second, 0]?.bytes == part)
            #expect(budget.heldBytes == 3 << 20)
            // The budget is spent by others: what one session may keep in any case is kept.
            store.append([1], .pcm, to: Self.second, contentIndex: 1)
            #expect(store[Self.first, 0] == nil)
            #expect(store[Self.second, 0]?.bytes == part)
            #expect(store.droppedBytes == 1 << 20)
            #expect(budget.heldBytes == 2 << 20 | 1)
        }
        #expect(budget.heldBytes == 1 << 20 | 1)
    }
}
