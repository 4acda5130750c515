import NIOCore
import NIOWebSocket
import VoiceSession

/// A whole message as it came. Unmasking a long one takes milliseconds, so it waits until the session asks for the bytes.
struct WebSocketMessage: Sendable {
    let isText: Bool
    private let data: ByteBuffer
    private let mask: WebSocketMaskingKey?

    init(isText: Bool, data: ByteBuffer, mask: WebSocketMaskingKey?) {
        self.isText = isText
        self.data = data
        self.mask = mask
    }

    var byteCount: Int { data.readableBytes }

    /// Unmasked.
    var bytes: [UInt8] {
        var data = data
        if let mask { data.webSocketUnmask(mask) }
        return Array(buffer: data)
    }
}

extension TransportMessage {
    /// A WebSocket has one channel, 0.
    init(_ message: WebSocketMessage) {
        self.init(channel: 0, payload: message.isText ? .text(message.bytes) : .binary(message.bytes))
    }
}
