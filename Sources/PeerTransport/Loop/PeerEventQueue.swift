import AudioPipeline

/// What a peer connection tells its session, in order.
package enum PeerEvent: Equatable, Sendable {
    /// Media and data may flow: ICE and DTLS are up and the peer is who its SDP said.
    case established
    case channelOpened(DataChannel)
    case message(DataChannelMessage)
    case channelClosed(UInt16)
}

/// The events of one peer on their way to its session: in order, never dropped, and bounded in number and in bytes, so
/// that a session which takes them too slowly ends its call instead of filling the memory.
final class PeerEventQueue: Sendable {
    static let maxWaiting = 1024
    /// Of the messages' payloads.
    static let maxWaitingBytes = 4 << 20

    /// What the session reads. Ends after `finish`.
    let events: AsyncStream<PeerEvent>
    private let continuation: AsyncStream<PeerEvent>.Continuation
    private let waitingBytes: PosixLock<Int>

    init() {
        let (stream, continuation) = AsyncStream<PeerEvent>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.maxWaiting))
        let waitingBytes = PosixLock(0)
        self.continuation = continuation
        self.waitingBytes = waitingBytes
        events = AsyncStream {
            for await event in stream {
                waitingBytes.withLock { $0 -= event.payloadBytes }
                return event
            }
            return nil
        }
    }

    /// Takes an event; false when there is no room for it.
    func append(_ event: PeerEvent) -> Bool {
        let fits = waitingBytes.withLock { waiting in
            guard waiting + event.payloadBytes <= Self.maxWaitingBytes else { return false }
            waiting += event.payloadBytes
            return true
        }
        guard fits else { return false }
        guard case .dropped = continuation.yield(event) else { return true }
        return false
    }

    func finish() { continuation.finish() }
}

extension PeerEvent {
    fileprivate var payloadBytes: Int {
        if case .message(let message) = self { return message.payload.count }
        return 0
    }
}
