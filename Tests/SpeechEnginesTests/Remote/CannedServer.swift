import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// An HTTP server that answers every request with the same bytes and closes, or stalls; what it was sent can be looked at.
final class CannedServer: Sendable {
    private let channel: any Channel
    private let heard = NIOLockedValueBox<[UInt8]>([])

    var base: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/v1" }
    var request: String { heard.withLockedValue { String(decoding: $0, as: UTF8.self) } }

    /// - Parameters:
    ///   - answer: nil says no word.
    ///   - closes: whether the connection ends with it.
    init(_ answer: String?, closes: Bool = true) async throws {
        let heard = heard
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(Handler(answer, closes, heard))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func stop() async throws { try await channel.close() }

    static func ok(_ contentType: String, _ body: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: \(contentType)\r\nConnection: close\r\n\r\n\(body)"
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: String?
        private let closes: Bool
        private let heard: NIOLockedValueBox<[UInt8]>
        private var bytes: [UInt8] = []
        private var hasAnswered = false

        init(_ answer: String?, _ closes: Bool, _ heard: NIOLockedValueBox<[UInt8]>) {
            self.answer = answer
            self.closes = closes
            self.heard = heard
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes += unwrapInboundIn(data).readableBytesView
            guard isWhole, !hasAnswered else { return }
            hasAnswered = true
            heard.withLockedValue { [bytes] in $0 = bytes }
            let buffer = context.channel.allocator.buffer(string: answer ?? "")
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
            if closes { context.close(promise: nil) }
        }

        private var isWhole: Bool {
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
            let length = text.lowercased().firstRange(of: "content-length: ").flatMap { range in
                Int(text[range.upperBound...].prefix { $0.isNumber })
            }
            return text[end.upperBound...].utf8.count >= length ?? 0
        }
    }
}
