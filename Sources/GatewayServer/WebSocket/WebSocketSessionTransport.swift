import NIOCore
import SessionEngine
import VoiceSession

/// A WebSocket as a session sees it.
final class WebSocketSessionTransport: ClientTransport {
    let kind: TransportKind
    let profile: ClientProfile
    let maxMessageBytes: Int
    let executor: (any TaskExecutor)?
    let media: (any SessionMedia)? = nil

    private let channel: any Channel
    private let inbox: WebSocketInbox
    private let outbox: WebSocketOutbox
    private let handler: NIOLoopBound<(WebSocketHandler, ChannelHandlerContext)>

    /// `role` is our end. Puts the handler at the end of the channel's pipeline; called on its event loop.
    init(
        channel: any Channel, role: WebSocketHandler.Role = .server, kind: TransportKind, profile: ClientProfile,
        limits: WebSocketLimits,
        metrics: WebSocketMetrics
    ) throws {
        self.channel = channel
        self.kind = kind
        self.profile = profile
        maxMessageBytes = limits.maxMessageBytesOut
        executor = EventLoopTasks(channel.eventLoop)
        inbox = WebSocketInbox(limits: limits)
        outbox = WebSocketOutbox(maxBytes: limits.maxOutboxBytes)
        let handler = WebSocketHandler(
            role: role, limits: limits, metrics: metrics, inbox: inbox, outbox: outbox)
        try channel.pipeline.syncOperations.addHandler(handler)
        self.handler = NIOLoopBound(
            (handler, try channel.pipeline.syncOperations.context(handler: handler)), eventLoop: channel.eventLoop)
    }

    nonisolated(nonsending) func nextInput() async -> TransportInput? { await inbox.take() }

    /// Binary messages are none of the protocol and are not sent.
    func send(_ message: TransportMessage) {
        guard case .text(let bytes) = message.payload else { return }
        if outbox.put(bytes) { wake() }
    }

    func drained(to bytes: Int) async { await outbox.drained(to: bytes) }

    func close(_ reason: SessionEndReason) { close(WebSocketClose(reason)) }

    /// Ends it after what was sent before. Idempotent.
    func close(_ close: WebSocketClose) {
        if outbox.close(close) { wake() }
    }

    func closed() async {
        try? await channel.closeFuture.get()
    }

    private func wake() {
        channel.eventLoop.execute { [handler] in
            let (handler, context) = handler.value
            handler.flush(context)
        }
    }
}
