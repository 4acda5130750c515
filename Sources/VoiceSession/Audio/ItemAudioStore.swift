import RealtimeProtocol

/// The audio of a conversation's items, as bytes in the format it came or went in, for retrieving and recognising.
///
/// Holds at most `limitBytes`, and what the budget of all sessions allows; beyond that the audio of the oldest items goes, whole,
/// and they are retrieved without.
struct ItemAudioStore {
    /// 16 MiB: the longest audio a client may send in one item (15 MiB), or 349 s of PCM.
    static let limitBytes = 16 << 20

    struct Key: Hashable {
        let item: ItemID
        let contentIndex: Int
    }

    /// In the pieces that it came in: none is moved as it grows, and whoever else holds a piece holds the same.
    struct Audio {
        let format: AudioFormat
        fileprivate var pieces: [[UInt8]]
        fileprivate(set) var byteCount: Int

        fileprivate init(_ bytes: [UInt8], _ format: AudioFormat) {
            (pieces, byteCount) = ([bytes], bytes.count)
            self.format = format
        }

        var bytes: [UInt8] {
            guard pieces.count > 1 else { return pieces.first ?? [] }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(byteCount)
            for piece in pieces { bytes += piece }
            return bytes
        }

        fileprivate mutating func add(_ bytes: [UInt8]) {
            pieces.append(bytes)
            byteCount += bytes.count
        }

        /// The first `count` bytes of it.
        fileprivate func prefix(_ count: Int) -> Audio {
            var kept = Audio([], format)
            for piece in pieces where kept.byteCount < count {
                let rest = count - kept.byteCount
                kept.add(rest < piece.count ? Array(piece[..<rest]) : piece)
            }
            return kept
        }
    }

    private enum Entry {
        case held(Audio)
        /// Audio that did not find room; what would come after it is not kept either.
        case gone
    }

    private var entries: [Key: Entry] = [:]
    /// Keys of what is held, oldest first.
    private var order: [Key] = []
    private(set) var heldBytes = 0 { didSet { share.hold(heldBytes) } }
    private let share: ItemAudioBudget.Share
    /// Bytes that were dropped for want of room.
    private(set) var droppedBytes = 0

    init(_ budget: ItemAudioBudget) { share = ItemAudioBudget.Share(budget) }

    subscript(item: ItemID, contentIndex: Int) -> Audio? {
        guard case .held(let audio) = entries[Key(item: item, contentIndex: contentIndex)] else { return nil }
        return audio
    }

    /// Adds to the end of a part's audio; in another format than before, it begins anew.
    mutating func append(_ bytes: [UInt8], _ format: AudioFormat, to item: ItemID, contentIndex: Int) {
        let key = Key(item: item, contentIndex: contentIndex)
        switch entries.removeValue(forKey: key) {
        case .held(var audio) where audio.format == format:
            audio.add(bytes)
            entries[key] = .held(audio)
        case .gone:
            entries[key] = .gone
            droppedBytes += bytes.count
            return
        case .held(let other):
            heldBytes -= other.byteCount
            entries[key] = .held(Audio(bytes, format))
        case nil:
            entries[key] = .held(Audio(bytes, format))
            order.append(key)
        }
        heldBytes += bytes.count
        while heldBytes > Self.limitBytes || share.isTooMuch, let oldest = order.first { drop(oldest) }
    }

    /// Keeps the first samples, counted at 24 kHz.
    mutating func cut(_ item: ItemID, contentIndex: Int, samples: Int) {
        let key = Key(item: item, contentIndex: contentIndex)
        guard case .held(let audio) = entries[key] else { return }
        let scale = AudioRing.samplesPerSecond / audio.format.sampleRate
        let kept = audio.prefix(max(0, samples) / scale * audio.format.bytesPerSample)
        heldBytes -= audio.byteCount - kept.byteCount
        entries[key] = .held(kept)
    }

    /// Forgets an item.
    mutating func remove(_ item: ItemID) {
        for key in entries.keys where key.item == item {
            if case .held(let audio) = entries.removeValue(forKey: key) {
                heldBytes -= audio.byteCount
                order.removeAll { $0 == key }
            }
        }
    }

    private mutating func drop(_ key: Key) {
        order.removeFirst()
        guard case .held(let audio) = entries[key] else { return }
        heldBytes -= audio.byteCount
        droppedBytes += audio.byteCount
        entries[key] = .gone
    }
}
