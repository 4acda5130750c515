import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends connections that would otherwise be held for nothing; one per connection, after the HTTP codec.
///
/// - A request must be complete within `requestTimeout` of its head, however slowly its body drips.
/// - A request that asks for an upgrade, where only the first may and `UpgradeGate` has seen that, is answered as a plain
///   one and its connection closed after it, because the HTTP parser reads nothing further on such a connection.
/// - So is one that says `Connection: close`.
/// - A response that says `Connection: close` (a body over the limit) ends the connection: our side is closed at once, so
///   that the client can read the answer; the rest of its body is thrown away until it closes or `lingerTimeout` is over.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let requestTimeout = TimeAmount.seconds(30)
    private static let lingerTimeout = TimeAmount.seconds(2)

    private enum State {
        case open
        /// As soon as so many more responses are written.
        case closing(after: Int)
        case lingering
    }

    private var state = State.open
    /// Requests begun and not answered yet; a client may send several at once.
    private var unanswered = 0
    private var deadline: Scheduled<Void>?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .lingering = state { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            closeUnlessDone(context, within: Self.requestTimeout)
            if head.headerFields.contains(.upgrade) {
                head.headerFields[.upgrade] = nil
                head.headerFields[.connection] = "close"
            }
            unanswered += 1
            if head.headerFields[.connection] == "close", case .open = state { state = .closing(after: unanswered) }
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body:
            context.fireChannelRead(data)
        case .end:
            cancelDeadline()
            context.fireChannelRead(data)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational:
            if head.headerFields[.connection] == "close" {
                state = .closing(after: 1)
            } else if case .closing(after: 1) = state {
                head.headerFields[.connection] = "close"
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            unanswered -= 1
            guard case .closing(let responses) = state else { return context.write(data, promise: promise) }
            state = .closing(after: responses - 1)
            context.writeAndFlush(data, promise: promise)
            if responses == 1 { linger(context) }
        default:
            context.write(data, promise: promise)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelDeadline()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancelDeadline()
    }

    private func linger(_ context: ChannelHandlerContext) {
        state = .lingering
        closeUnlessDone(context, within: Self.lingerTimeout)
        context.close(mode: .output, promise: nil)
    }

    private func closeUnlessDone(_ context: ChannelHandlerContext, within time: TimeAmount) {
        cancelDeadline()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    private func cancelDeadline() {
        deadline?.cancel()
        deadline = nil
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
