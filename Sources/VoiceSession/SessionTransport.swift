package import AudioPipeline
package import RealtimeProtocol
package import SessionEngine
package import SpeechEngines

/// One message of a session's event channel, whole.
package struct TransportMessage: Equatable, Sendable {
    package enum Payload: Equatable, Sendable {
        /// UTF-8.
        case text([UInt8])
        case binary([UInt8])
    }

    /// Which channel of the transport; an answer goes back on the same. 0 where there is but one.
    package let channel: UInt16
    package let payload: Payload

    package init(channel: UInt16, payload: Payload) {
        self.channel = channel
        self.payload = payload
    }

    var byteCount: Int {
        switch payload {
        case .text(let bytes), .binary(let bytes): bytes.count
        }
    }
}

/// What a session hears of a transport, in order.
package enum TransportInput: Equatable, Sendable {
    /// Events can be sent on this channel: at once on a WebSocket, once it is open on a data channel.
    case opened(channel: UInt16)
    case message(TransportMessage)
    /// The last: it ended by a goodbye, without a word, or because its queue of messages to the client was full.
    case departed(SessionInput.Departure)
}

/// How a client wants its events.
package struct ClientProfile: Equatable, Sendable {
    package var dialect: Dialect
    /// Whether it asked for what is ours on the wire (docs/extensions.md).
    package var wantsExtensions: Bool

    package init(dialect: Dialect = .current, wantsExtensions: Bool = false) {
        self.dialect = dialect
        self.wantsExtensions = wantsExtensions
    }
}

/// One client's connection, whatever carries it.
package protocol SessionTransport: Sendable {
    var kind: TransportKind { get }
    var profile: ClientProfile { get }
    /// Of the thread its messages come on and go from, where what is short is best done; nil for no such thread.
    var executor: (any TaskExecutor)? { get }
    /// The next thing the client does, in order; nil after the last, or once the task is cancelled. One caller at a time.
    nonisolated(nonsending) func nextInput() async -> TransportInput?
    /// No message to the client may be longer than this; 0 where there is no channel for events.
    var maxMessageBytes: Int { get }
    /// Audio beside the events; nil where audio travels in events.
    var media: (any SessionMedia)? { get }
    /// Queues a message, in order. One that finds the queue full ends the transport as `departed(.overrun)`.
    func send(_ message: TransportMessage)
    /// Returns when at most `bytes` of what was sent wait for the client; at once when the transport has ended or the task
    /// is cancelled. Audio in events waits here, so that a client with a slow line keeps its session.
    func drained(to bytes: Int) async
    /// Ends the transport with goodbyes to the client. Idempotent.
    func close(_ reason: SessionEndReason)
    /// When something last came from the client, where audio is played to it by our clock; nil where that is not known.
    var lastHeard: ContinuousClock.Instant? { get async }
}

extension SessionTransport {
    package var lastHeard: ContinuousClock.Instant? { get async { nil } }
}

/// The audio of a peer: RTP both ways, played in real time.
package protocol SessionMedia: Sendable {
    /// Of the thread that audio comes on and goes from, where what is short and done with every frame is best done; nil for no
    /// such thread.
    var executor: (any TaskExecutor)? { get }
    /// For waits that may be a frame late and are told with a frame, at no cost of their own; it ends them when the peer ends. Nil
    /// for no such clock.
    var clock: (any MonotonicClock)? { get }
    /// What the client says, mono 24 kHz; the oldest is dropped when the session is slow. Iterated once.
    var audio: ReceivedAudio { get }
    /// Whether so many samples fit into the queue now.
    func hasRoom(for samples: Int, generation: Generation) -> Bool
    /// Waits until as many samples fit into the queue; false when they never will: the generation is over, the peer has
    /// ended, or the task is cancelled.
    func room(for samples: Int, generation: Generation) async -> Bool
    /// Queues audio (mono, 24 kHz) to be played. There is room: the caller is the only one to queue, and has waited.
    func play(_ samples: [Int16], generation: Generation)
    /// Audio that was given to `play` and has not left yet.
    var queuedAudio: Duration { get }
    /// Drops what is queued of one generation; it and older ones cannot be queued any more.
    func discardAudio(_ generation: Generation)
    /// Waits until something was played since the last call and gives the totals; empty when the peer has ended or the
    /// task is cancelled. One caller at a time.
    func nextPlayed() async -> [PlayedAudio]
}
