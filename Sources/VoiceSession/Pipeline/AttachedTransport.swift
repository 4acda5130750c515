import CoreMetrics
import RealtimeProtocol
import SessionEngine

/// One client of a session: its connection and how events are written for it.
struct AttachedTransport {
    /// Events that may wait for a data channel to open.
    static let maxHeldEvents = 256

    private enum Outgoing {
        case own(ServerEvent)
        case relayed(RelayedEvent)
    }

    /// Audio in events waits while so much of what was sent has not left for the client; a quarter of it may be sent
    /// before that is looked at again.
    static let maxWaitingAudioBytes = 1 << 20

    let transport: any SessionTransport
    let attachment: CheckedContinuation<Void, Never>?
    private let encoder: EventEncoder
    private var channel: UInt16?
    /// Bytes of audio sent since the client was last known to keep up.
    private var uncheckedAudioBytes = 0
    private var held: [(event: Outgoing, id: String)] = []
    private let maxHeld: Int

    /// - Parameters:
    ///   - attachment: who waits for its end.
    ///   - replayed: events that it gets at once, on top of those that may wait.
    init(
        _ transport: any SessionTransport, attachment: CheckedContinuation<Void, Never>? = nil, replayed: Int = 0
    ) {
        self.transport = transport
        self.attachment = attachment
        maxHeld = Self.maxHeldEvents + replayed
        encoder = EventEncoder(transport)
    }

    var kind: TransportKind { transport.kind }
    /// Whether it has ever been able to carry an event.
    var isOpen: Bool { channel != nil }

    /// The first channel that opens carries the events.
    mutating func open(_ channel: UInt16) {
        guard self.channel == nil else { return }
        self.channel = channel
        for event in held { write(event.event, event.id, channel) }
        held = []
    }

    /// Sends an event, or holds it until there is a channel; one too many of those ends the transport.
    mutating func send(_ event: ServerEvent, id: String) { send(.own(event), id) }

    /// The same of an upstream's event; without a name of its own it gets `id`.
    mutating func send(_ event: RelayedEvent, id: String) { send(.relayed(event), id) }

    private mutating func send(_ event: Outgoing, _ id: String) {
        guard transport.maxMessageBytes > 0 else { return }
        if let channel { return write(event, id, channel) }
        guard held.count < maxHeld else { return transport.close(.overrun) }
        held.append((event, id))
    }

    var mayHaveWaitingAudio: Bool { kind == .webSocket && uncheckedAudioBytes >= Self.maxWaitingAudioBytes / 4 }

    mutating func countAudio(_ bytes: Int) { uncheckedAudioBytes += bytes }

    mutating func audioHasDrained() { uncheckedAudioBytes = 0 }

    private func write(_ event: Outgoing, _ id: String, _ channel: UInt16) {
        let encoded =
            switch event {
            case .own(let event): encoder.encode(event, eventID: id)
            case .relayed(let event): event.encoded(eventID: id, maxBytes: transport.maxMessageBytes)
            }
        for message in encoded.messages {
            transport.send(TransportMessage(channel: channel, payload: .text(message)))
        }
        SessionMetrics.shared.eventsOut.increment(by: encoded.messages.count)
        if encoded.isReduced { SessionMetrics.shared.eventsReduced.increment() }
    }
}

extension EventEncoder {
    /// As the client of a transport wants its events.
    init(_ transport: any SessionTransport) {
        self.init(
            dialect: transport.profile.dialect, wantsExtensions: transport.profile.wantsExtensions,
            maxMessageBytes: transport.maxMessageBytes)
    }
}

extension [TransportID: AttachedTransport] {
    var hasPeer: Bool { values.contains { $0.kind == .peer } }
    /// The client that the session is for; nil while it waits for one.
    var principal: (key: TransportID, value: AttachedTransport)? { first { $0.value.kind != .sideband } }

    /// Who gets an event.
    func ids(_ audience: SessionEffect.Audience) -> [TransportID] {
        switch audience {
        case .only(let id): [id]
        case .everyone: Array(keys)
        case .allOf(let kind):
            filter { $0.value.kind == kind || (kind == .peer && $0.value.kind == .sideband && hasPeer) }.map(\.key)
        }
    }
}
