import NIOCore
import NIOWebSocket
import SessionEngine

/// One WebSocket on its event loop: messages into the inbox, the outbox onto the wire, pings, the closing handshake.
///
/// Decoding of events is the session's; here a message is only carried.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = Never
    typealias OutboundOut = WebSocketFrame

    /// Which end of the connection is ours.
    enum Role {
        case server
        case client
    }

    private enum State {
        case open
        /// Our close frame is sent; waits for the client's, or for the deadline.
        case closing
        case closed
    }

    private let role: Role
    private let limits: WebSocketLimits
    private let metrics: WebSocketMetrics
    private let inbox: WebSocketInbox
    private let outbox: WebSocketOutbox
    private var assembler: WebSocketAssembler
    private var state = State.open
    private var cause = "lost"
    private var pings: RepeatedTask?
    private var closeDeadline: Scheduled<Void>?
    /// Whether anything has come since the last ping.
    private var hasHeard = true
    /// A read was wanted while the inbox was full.
    private var hasHeldRead = false

    init(
        role: Role = .server, limits: WebSocketLimits, metrics: WebSocketMetrics, inbox: WebSocketInbox,
        outbox: WebSocketOutbox
    ) {
        self.role = role
        self.limits = limits
        self.metrics = metrics
        self.inbox = inbox
        self.outbox = outbox
        assembler = WebSocketAssembler(maxBytes: limits.maxMessageBytesIn)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        metrics.opened()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        inbox.whenRoom { bound.eventLoop.execute { bound.value.0.resumeReading(bound.value.1) } }
        pings = context.eventLoop.scheduleRepeatedTask(
            initialDelay: limits.pingInterval, delay: limits.pingInterval
        ) { _ in
            bound.value.0.ping(bound.value.1)
        }
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        hasHeard = true
        switch frame.opcode {
        case .connectionClose: receivedClose(context, frame)
        case .ping: if case .open = state { pong(context, frame) }
        case .pong: break
        default: if case .open = state { take(context, frame) }
        }
    }

    private func take(_ context: ChannelHandlerContext, _ frame: WebSocketFrame) {
        // RFC 6455 §5.1 and §5.2: clients mask, servers do not, and no extension was negotiated.
        guard (frame.maskKey != nil) == (role == .server), !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return close(context, .brokenFrames)
        }
        switch assembler.take(frame) {
        case .incomplete: break
        case .message(let message):
            metrics.received(bytes: message.byteCount)
            inbox.put(message)
        case .refused(let close): self.close(context, close)
        }
    }

    /// Also without a whole frame: a long one may take longer than a ping's patience.
    func channelReadComplete(context: ChannelHandlerContext) {
        hasHeard = true
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .open = state else { return }
        switch error {
        case NIOWebSocketError.invalidFrameLength: closeUnreadable(context, .tooLong)
        case is NIOWebSocketError: closeUnreadable(context, .brokenFrames)
        default: context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: close(context, .stopping)
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { ended() }

    private func ended() {
        if case .closed = state { return }
        state = .closed
        pings?.cancel()
        closeDeadline?.cancel()
        inbox.whenRoom(nil)
        inbox.finish(.lost)
        _ = outbox.close(.gone)
        metrics.closed(cause: cause)
    }

    // MARK: Reading less than comes

    func read(context: ChannelHandlerContext) {
        if case .open = state, inbox.isFull {
            hasHeldRead = true
        } else {
            context.read()
        }
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        guard hasHeldRead else { return }
        hasHeldRead = false
        context.read()
    }

    // MARK: Out

    /// Writes what waits in the outbox.
    func flush(_ context: ChannelHandlerContext) {
        guard case .open = state else { return }
        let (messages, close) = outbox.drain()
        let bytes = messages.reduce(0) { $0 + $1.count }
        for (index, message) in messages.enumerated() {
            let isLast = index == messages.count - 1
            send(
                context, .text, context.channel.allocator.buffer(bytes: message), isLast ? written(context, bytes) : nil
            )
        }
        context.flush()
        metrics.sent(messages: messages.count, bytes: bytes)
        if let close { self.close(context, close) }
    }

    private func written(_ context: ChannelHandlerContext, _ bytes: Int) -> EventLoopPromise<Void> {
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { [outbox] _ in outbox.written(bytes) }
        return promise
    }

    private func send(
        _ context: ChannelHandlerContext, _ opcode: WebSocketOpcode, _ data: ByteBuffer,
        _ promise: EventLoopPromise<Void>? = nil
    ) {
        let mask = role == .client ? WebSocketMaskingKey.random() : nil
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: mask, data: data)
        context.write(wrapOutboundOut(frame), promise: promise)
    }

    // MARK: Pings

    private func ping(_ context: ChannelHandlerContext) {
        guard case .open = state else { return }
        // A socket that we do not read is not silent.
        guard hasHeard || hasHeldRead else { return close(context, .silent) }
        hasHeard = false
        send(context, .ping, ByteBuffer())
        context.flush()
    }

    private func pong(_ context: ChannelHandlerContext, _ frame: WebSocketFrame) {
        send(context, .pong, frame.unmaskedData)
        context.flush()
    }

    // MARK: The end

    /// Sends a close frame and gives the client `closeTimeout` to answer it.
    func close(_ context: ChannelHandlerContext, _ close: WebSocketClose) {
        guard case .open = state else { return }
        state = .closing
        cause = close.cause
        pings?.cancel()
        inbox.finish(close.departure)
        var data = context.channel.allocator.buffer(capacity: 2 + close.reason.utf8.count)
        data.write(webSocketErrorCode: close.code)
        data.writeString(close.reason)
        send(context, .connectionClose, data)
        context.flush()
        let channel = context.channel
        closeDeadline = context.eventLoop.scheduleTask(in: limits.closeTimeout) { channel.close(promise: nil) }
        resumeReading(context)
    }

    /// The client's answer could not be read any more: our side ends after the close frame, so that it sees an end.
    private func closeUnreadable(_ context: ChannelHandlerContext, _ close: WebSocketClose) {
        self.close(context, close)
        context.close(mode: .output, promise: nil)
    }

    private func receivedClose(_ context: ChannelHandlerContext, _ frame: WebSocketFrame) {
        switch state {
        case .open:
            state = .closing
            cause = "client"
            pings?.cancel()
            inbox.finish(.goodbye)
            // The echo holds the code alone; a frame without one is answered without one.
            var data = frame.unmaskedData
            send(context, .connectionClose, data.readSlice(length: 2) ?? ByteBuffer())
            context.flush()
            context.close(promise: nil)
        case .closing:
            context.close(promise: nil)
        case .closed: break
        }
    }
}

@available(*, unavailable)
extension WebSocketHandler: Sendable {}
