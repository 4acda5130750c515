import RealtimeProtocol
import SessionEngine

/// The last events that were sent to the client of a session, or would have been, for one that comes back. Pure.
struct ReplayLog {
    /// Events that are held; of older ones a client that comes back is told that it missed some.
    static let maxEvents = 1_024
    /// Of the audio in them, which the items of the session hold too: 43 s of PCM.
    static let maxAudioBytes = 2 << 20
    /// Until a connection that broke is noticed, at the most: three pings of a WebSocket's; a peer is quicker.
    private static let unnoticed = Duration.seconds(60)

    /// What a client that is back has not had, with the ids that the events had or would have had.
    struct Missed {
        var events: [(event: ServerEvent, id: String)] = []
        var isComplete = true
    }

    private enum Content {
        case event(ServerEvent)
        /// About the transport that it went by, and wrong on another.
        case ofItsTransport
        case tooLong
    }

    private struct Entry {
        let id: String
        let content: Content
        /// The kind of transport that alone gets it; nil for any.
        let kind: TransportKind?
        let audioBytes: Int
        let at: ContinuousClock.Instant

        /// Without its content, of which a client that has not had it is told.
        var emptied: Entry { Entry(id: id, content: .tooLong, kind: kind, audioBytes: 0, at: at) }

        /// One that was dropped, and holds nothing until its place goes too.
        var gone: Entry { Entry(id: "", content: .ofItsTransport, kind: nil, audioBytes: 0, at: at) }
    }

    private var entries: [Entry] = []
    /// Those before are dropped already.
    private var first = 0
    /// The sound of those before is let go: whoever comes back has had it.
    private var firstHeard = 0
    private var audioBytes = 0
    /// For how long sound is kept.
    private let memory: Duration
    /// Entries that were ever kept, at the moment the client was lost.
    private var keptAtLoss = 0
    private var kept = 0
    /// Of the client that is or was there: what is for others alone is not kept.
    var kind: TransportKind

    /// `grace`: for how long a client that was lost may come back.
    init(_ kind: TransportKind, grace: Duration) {
        self.kind = kind
        memory = grace + Self.unnoticed
    }

    mutating func keep(
        _ event: ServerEvent, id: String, for audience: TransportKind?, now: ContinuousClock.Instant
    ) {
        if let audience, audience != kind { return }
        let bytes = event.audioBytes
        let isTooLong = bytes > Self.maxAudioBytes
        let content = event.isOfItsTransport ? Content.ofItsTransport : isTooLong ? .tooLong : .event(event)
        entries.append(Entry(id: id, content: content, kind: audience, audioBytes: isTooLong ? 0 : bytes, at: now))
        kept += 1
        audioBytes += isTooLong ? 0 : bytes
        while entries.count - first > Self.maxEvents || audioBytes > Self.maxAudioBytes {
            audioBytes -= entries[first].audioBytes
            entries[first] = entries[first].gone
            first += 1
        }
        forgetSound(before: now - memory)
        if first > Self.maxEvents {
            entries.removeFirst(first)
            firstHeard = max(0, firstHeard - first)
            first = 0
        }
    }

    private mutating func forgetSound(before limit: ContinuousClock.Instant) {
        firstHeard = max(firstHeard, first)
        while firstHeard < entries.count, entries[firstHeard].at < limit {
            if entries[firstHeard].audioBytes > 0 {
                audioBytes -= entries[firstHeard].audioBytes
                entries[firstHeard] = entries[firstHeard].emptied
            }
            firstHeard += 1
        }
    }

    mutating func clientWasLost() { keptAtLoss = kept }

    /// What comes after the event with this id; without an id, what was kept since the client was lost.
    ///
    /// An event that went in pieces (`ID_1` and so on) of which the client did not get the last is sent once more, whole.
    func missed(by kind: TransportKind, after id: String?) -> Missed {
        let held = entries[first...]
        var missed = Missed()
        var start = held.startIndex
        if let id {
            if let last = held.lastIndex(where: { $0.id == id }) {
                start = last + 1
            } else if let last = held.lastIndex(where: { id.hasPrefix($0.id + "_") }) {
                start = last
            } else {
                missed.isComplete = false
            }
        } else {
            start = max(start, entries.count - (kept - keptAtLoss))
            missed.isComplete = kept - keptAtLoss <= held.count
        }
        for entry in entries[start...] {
            guard entry.kind == nil || entry.kind == kind else {
                // Sound that was on its way in an event, and has no way to the new transport.
                if entry.audioBytes > 0 { missed.isComplete = false }
                continue
            }
            switch entry.content {
            case .event(let event): missed.events.append((event, entry.id))
            case .ofItsTransport: break
            case .tooLong: missed.isComplete = false
            }
        }
        return missed
    }
}

extension ServerEvent {
    fileprivate var isOfItsTransport: Bool {
        switch self {
        case .sessionCreated, .conversationCreated: true
        default: false
        }
    }

    /// Of the audio in it.
    fileprivate var audioBytes: Int {
        switch self {
        case .outputAudioDelta(_, let audio): audio.count
        case .conversationItemRetrieved(let item): item.audioBytes
        default: 0
        }
    }
}

extension Item {
    fileprivate var audioBytes: Int {
        guard case .message(let message) = body else { return 0 }
        return message.content.reduce(0) { sum, part in
            switch part {
            case .inputAudio(_, let audio), .outputAudio(_, let audio): sum + (audio?.count ?? 0)
            default: sum
            }
        }
    }
}
