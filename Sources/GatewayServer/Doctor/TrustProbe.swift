import NIOCore
import NIOPosix
import NIOSSL

/// A request over TLS as a client that was given some roots would make it, of the server on loopback called localhost.
enum TrustProbe {
    private static let patience = TimeAmount.seconds(5)

    /// Whether it is answered.
    static func accepts(port: Int, roots: NIOSSLTrustRoots) async -> Bool {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = roots
        guard let context = try? NIOSSLContext(configuration: configuration) else { return false }
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let answered = loop.makePromise(of: Bool.self)
        let limit = loop.scheduleTask(in: patience) { answered.succeed(false) }
        defer { limit.cancel() }
        ClientBootstrap(group: loop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([
                    try NIOSSLClientHandler(context: context, serverHostname: "localhost"), OneRequest(answered),
                ])
            }
        }.connect(host: "127.0.0.1", port: port).whenFailure { _ in answered.succeed(false) }
        return (try? await answered.futureResult.get()) ?? false
    }
}

/// Asks once, which waits for the handshake, and tells whether an answer came.
private final class OneRequest: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answered: EventLoopPromise<Bool>

    init(_ answered: EventLoopPromise<Bool>) { self.answered = answered }

    func channelActive(context: ChannelHandlerContext) {
        let request = "GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        answered.succeed(true)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answered.succeed(false)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answered.succeed(false)
    }
}
