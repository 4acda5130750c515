import RealtimeProtocol

/// The `error` event of a request that never became a session.
enum ErrorEvent {
    private static let encoder = EventEncoder(
        dialect: .current, wantsExtensions: false, maxMessageBytes: WebSocketLimits().maxMessageBytesOut)

    /// The messages to send; the shape is the same in every dialect.
    static func encoded(_ error: ProtocolError) -> [[UInt8]] {
        encoder.encode(.error(error), eventID: RandomName.make(prefix: "event_")).messages
    }
}
