import NIOCore
import NIOHTTP1

/// Watches a connection until the head of its first request, and lets only an upgrade through that will be granted.
///
/// Work-round: the upgrade handler of swift-nio 2.101.2 loses the head of a request whose `Upgrade` nobody takes, so the
/// header is taken out before it; and as the HTTP parser reads nothing after such a request, the connection is closed
/// with the answer. Until then nobody else would end an idle connection, one that stops at a shutdown, or one that does
/// not speak HTTP. It leaves with the first head: after an upgrade raw bytes come this way.
final class UpgradeGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let patience: TimeAmount
    private let isGranted: (HTTPRequestHead) -> Bool
    private var deadline: Scheduled<Void>?

    /// - Parameters:
    ///   - patience: longest time to the end of the first head.
    ///   - isGranted: whether a well-formed WebSocket handshake is for us; also says yes to the client it will then refuse.
    init(patience: TimeAmount, isGranted: @escaping (HTTPRequestHead) -> Bool) {
        self.patience = patience
        self.isGranted = isGranted
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // First fired, then removed: a removed handler forwards nothing.
        defer { context.pipeline.syncOperations.removeHandler(context: context, promise: nil) }
        guard case .head(var head) = unwrapInboundIn(data), head.headers.contains(name: "upgrade") else {
            return context.fireChannelRead(data)
        }
        if !Self.isHandshake(head) || !isGranted(head) {
            head.headers.remove(name: "upgrade")
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError {
            let head = HTTPResponseHead(
                version: .http1_1, status: .badRequest, headers: ["connection": "close", "content-length": "0"])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
        context.close(promise: nil)
    }

    /// RFC 6455 §4.2.1, as far as a server must check it.
    static func isHandshake(_ head: HTTPRequestHead) -> Bool {
        let headers = head.headers
        return head.method == .GET && head.version == .http1_1
            && headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
            && headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
            && headers["sec-websocket-version"] == ["13"] && headers["sec-websocket-key"].count == 1
            && !headers.contains(name: "content-length") && !headers.contains(name: "transfer-encoding")
    }
}

@available(*, unavailable)
extension UpgradeGate: Sendable {}
