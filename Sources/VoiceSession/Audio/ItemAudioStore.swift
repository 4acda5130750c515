import RealtimeProtocol

/// The audio of a conversation's items, as bytes in the format it came or went in, for retrieving and recognising.
///
/// Holds at most `limitBytes`; beyond that the audio of the oldest items goes, whole, and they are retrieved without. Pure.
struct ItemAudioStore {
    /// 16 MiB: the longest audio a client may send in one item (15 MiB), or 349 s of PCM.
    static let limitBytes = 16 << 20

    struct Key: Hashable {
        let item: ItemID
        let contentIndex: Int
    }

    struct Audio: Equatable {
        let format: AudioFormat
        var bytes: [UInt8]
    }

    private enum Entry {
        case held(Audio)
        /// Audio that did not find room; what would come after it is not kept either.
        case gone
    }

    private var entries: [Key: Entry] = [:]
    /// Keys of what is held, oldest first.
    private var order: [Key] = []
    private(set) var heldBytes = 0
    /// Bytes that were dropped for want of room.
    private(set) var droppedBytes = 0

    subscript(item: ItemID, contentIndex: Int) -> Audio? {
        guard case .held(let audio) = entries[Key(item: item, contentIndex: contentIndex)] else { return nil }
        return audio
    }

    /// Adds to the end of a part's audio; in another format than before, it begins anew.
    mutating func append(_ bytes: [UInt8], _ format: AudioFormat, to item: ItemID, contentIndex: Int) {
        let key = Key(item: item, contentIndex: contentIndex)
        switch entries.removeValue(forKey: key) {
        case .held(var audio) where audio.format == format:
            audio.bytes += bytes
            entries[key] = .held(audio)
        case .gone:
            entries[key] = .gone
            droppedBytes += bytes.count
            return
        case .held(let other):
            heldBytes -= other.bytes.count
            entries[key] = .held(Audio(format: format, bytes: bytes))
        case nil:
            entries[key] = .held(Audio(format: format, bytes: bytes))
            order.append(key)
        }
        heldBytes += bytes.count
        while heldBytes > Self.limitBytes, let oldest = order.first { drop(oldest) }
    }

    /// Keeps the first samples, counted at 24 kHz.
    mutating func cut(_ item: ItemID, contentIndex: Int, samples: Int) {
        let key = Key(item: item, contentIndex: contentIndex)
        guard case .held(let audio) = entries[key] else { return }
        let scale = AudioRing.samplesPerSecond / audio.format.sampleRate
        let kept = min(audio.bytes.count, max(0, samples) / scale * audio.format.bytesPerSample)
        heldBytes -= audio.bytes.count - kept
        entries[key] = .held(Audio(format: audio.format, bytes: Array(audio.bytes[..<kept])))
    }

    /// Forgets an item.
    mutating func remove(_ item: ItemID) {
        for key in entries.keys where key.item == item {
            if case .held(let audio) = entries.removeValue(forKey: key) {
                heldBytes -= audio.bytes.count
                order.removeAll { $0 == key }
            }
        }
    }

    private mutating func drop(_ key: Key) {
        order.removeFirst()
        guard case .held(let audio) = entries[key] else { return }
        heldBytes -= audio.bytes.count
        droppedBytes += audio.bytes.count
        entries[key] = .gone
    }
}
