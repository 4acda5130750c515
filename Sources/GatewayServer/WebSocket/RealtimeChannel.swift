import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// One accepted connection: HTTP/1.1 as Hummingbird serves it, or a WebSocket if its first request asks for one.
struct RealtimeChannel: ServerChildChannel, HTTPChannelHandler {
    /// What the connection turned out to be.
    enum Upgraded: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        case webSocket(WebSocketSessionTransport, WebSocketRequest)
    }

    struct Value: ServerChildChannelValue {
        let upgraded: EventLoopFuture<Upgraded>
        let channel: any Channel
    }

    private static let idleTimeout = TimeAmount.seconds(30)

    let responder: Responder
    let secure: Bool
    let sockets: WebSocketService

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            var configuration = NIOUpgradableHTTPServerPipelineConfiguration<Upgraded>(
                upgradeConfiguration: .init(
                    upgraders: [upgrader()],
                    notUpgradingCompletionHandler: { channel in
                        channel.eventLoop.makeCompletedFuture { try addHTTP(to: channel, logger) }
                    }))
            configuration.enablePipelining = false  // NIOAsyncChannel's iteration pipelines.
            configuration.enableErrorHandling = false
            configuration.enableResponseHeaderValidation = false
            let pipeline = channel.pipeline.syncOperations
            let upgraded = try pipeline.configureUpgradableHTTPServerPipeline(configuration: configuration)
            let gate = UpgradeGate(patience: Self.idleTimeout) { [sockets] in sockets.grants($0) }
            try pipeline.addHandler(
                gate, position: .before(try pipeline.handler(type: NIOTypedHTTPServerUpgradeHandler<Upgraded>.self)))
            return Value(upgraded: upgraded, channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.upgraded.get() {
            case .http(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
            case .webSocket(let transport, let request): await sockets.run(transport, request)
            }
        } catch {
            // It ended before its first request.
            logger.trace("Connection without a request", metadata: ["error": "\(error)"])
        }
    }

    private func upgrader() -> NIOTypedWebSocketServerUpgrader<Upgraded> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: sockets.limits.maxMessageBytesIn, enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                let chosen = WebSocketRequest(head).chosenProtocol
                return channel.eventLoop.makeSucceededFuture(
                    HTTPHeaders(chosen.map { [("Sec-WebSocket-Protocol", $0)] } ?? []))
            },
            upgradePipelineHandler: { [sockets] channel, head in
                channel.eventLoop.makeCompletedFuture {
                    let request = WebSocketRequest(head)
                    return .webSocket(try sockets.makeTransport(channel, request), request)
                }
            })
    }

    private func addHTTP(to channel: any Channel, _ logger: Logger) throws -> Upgraded {
        try channel.pipeline.syncOperations.addHandlers([
            HTTP1ToHTTPServerCodec(secure: secure), ConnectionGuard(),
            HTTPConnectionStateHandler(idleTimeout: Duration(Self.idleTimeout), logger: logger),
        ])
        return .http(
            try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
    }
}
