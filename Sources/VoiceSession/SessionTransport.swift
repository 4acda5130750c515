package import AudioPipeline

/// One message of a session's event channel, whole.
package struct TransportMessage: Equatable, Sendable {
    package enum Payload: Equatable, Sendable {
        /// UTF-8.
        case text([UInt8])
        case binary([UInt8])
    }

    /// Which channel of the transport; an answer goes back on the same.
    package let channel: UInt16
    package let payload: Payload

    package init(channel: UInt16, payload: Payload) {
        self.channel = channel
        self.payload = payload
    }
}

/// What a session needs of the client's side, whatever carries it.
package protocol SessionTransport: Sendable {
    associatedtype Messages: AsyncSequence<TransportMessage, Never> & Sendable

    /// Messages of the client in order; ends with the transport. Iterated once.
    var messages: Messages { get }
    /// What the client says, mono; the oldest is dropped when the session is slow. Iterated once.
    var audio: AsyncStream<PCMBlock> { get }
    /// Sends a message. One that cannot be sent ends the transport.
    func send(_ message: TransportMessage) async
    /// Queues audio (mono, at the rate of `audio`) to be played; waits while the queue is full.
    func play(_ samples: [Int16], generation: Generation) async
    /// Audio that was given to `play` and has not left yet.
    var queuedAudio: Duration { get }
    /// Drops queued audio older than `generation`, and whatever older comes later.
    func discardAudio(before generation: Generation)
    /// Ends the transport with goodbyes to the client. Idempotent.
    func close()
}
