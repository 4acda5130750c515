import NIOCore
import NIOWebSocket

/// Puts the fragments of messages together (RFC 6455 §5.4) within a limit.
struct WebSocketAssembler {
    enum Verdict {
        case incomplete
        case message(WebSocketMessage)
        case refused(WebSocketClose)
    }

    private let maxBytes: Int
    private var begun: (isText: Bool, data: ByteBuffer)?

    init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    /// Takes a data frame: text, binary or continuation.
    mutating func take(_ frame: WebSocketFrame) -> Verdict {
        switch (frame.opcode, begun) {
        case (.continuation, .some(var message)):
            begun = nil
            guard message.data.readableBytes + frame.length <= maxBytes else { return .refused(.tooLong) }
            var more = frame.unmaskedData
            message.data.writeBuffer(&more)
            return finishOrWait(frame.fin, message)
        case (.text, nil), (.binary, nil):
            if frame.fin {
                return .message(WebSocketMessage(isText: frame.opcode == .text, data: frame.data, mask: frame.maskKey))
            }
            return finishOrWait(false, (frame.opcode == .text, frame.unmaskedData))
        default:
            return .refused(.brokenFrames)
        }
    }

    private mutating func finishOrWait(_ isLast: Bool, _ message: (isText: Bool, data: ByteBuffer)) -> Verdict {
        guard isLast else {
            begun = message
            return .incomplete
        }
        return .message(WebSocketMessage(isText: message.isText, data: message.data, mask: nil))
    }
}
