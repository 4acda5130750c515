import NIOCore

/// What one WebSocket may hold and how long it may be silent.
struct WebSocketLimits: Sendable {
    /// Longest message in, fragments put together: 15 MiB of audio in base64 is 20 MiB (RT-044).
    var maxMessageBytesIn = 20 * 1024 * 1024 + 4096
    /// Longest message out, under the 1 MiB that some clients take (RT-043).
    var maxMessageBytesOut = 1024 * 1024 - 1024
    /// Messages received and not yet taken by the session; beyond either the socket is not read.
    var maxInboxBytes = 4 * 1024 * 1024
    var maxInboxMessages = 1024
    /// A longer message is unmasked off the event loop.
    var longMessageBytes = 64 * 1024
    /// Messages given to the socket that the client has not taken; more ends it with `WebSocketClose.slowReader`.
    var maxOutboxBytes = 16 * 1024 * 1024
    /// Between pings, and the longest silence after one (RT-045).
    var pingInterval = TimeAmount.seconds(20)
    /// How long the client has to answer a close frame before the connection is cut.
    var closeTimeout = TimeAmount.seconds(5)
}
