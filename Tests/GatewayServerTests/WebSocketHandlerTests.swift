import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import GatewayServer

@Suite("A WebSocket on its event loop")
struct WebSocketHandlerTests {
    private let metrics = PrometheusMetricsFactory()
    private let outbox = WebSocketOutbox(maxBytes: 1000)
    private let channel = EmbeddedChannel()
    private let inbox: WebSocketInbox
    private let handler: WebSocketHandler

    init() throws {
        var limits = WebSocketLimits()
        limits.maxInboxMessages = 4
        inbox = WebSocketInbox(limits: limits)
        handler = WebSocketHandler(
            limits: limits, metrics: WebSocketMetrics(factory: metrics), inbox: inbox, outbox: outbox)
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func receive(_ opcode: WebSocketOpcode, _ text: String) throws {
        let data = ByteBuffer(string: text)
        try channel.writeInbound(WebSocketFrame(fin: true, opcode: opcode, maskKey: [0, 0, 0, 0], data: data))
    }

    private func sent() throws -> WebSocketFrame? { try channel.readOutbound(as: WebSocketFrame.self) }

    private func closes(_ cause: String) -> Bool {
        metrics.render().contains("gateway_websocket_closes_total{cause=\"\(cause)\"} 1\n")
    }

    @Test("A ping goes out every 20 seconds while the client answers")
    func pings() throws {
        for _ in 0..<3 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(20))
            #expect(try sent()?.opcode == .ping)
            try receive(.pong, "")
        }
        #expect(channel.isActive)
        #expect(try sent() == nil)
    }

    @Test("A client that answers no ping is told 1011, then cut off")
    func silence() throws {
        channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        #expect(try sent()?.opcode == .ping)
        channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        let close = try #require(try sent())
        #expect(close.opcode == .connectionClose)
        var data = close.data
        #expect(data.readWebSocketErrorCode() == .unexpectedServerError)
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(5))
        #expect(!channel.isActive)
        #expect(closes("pong_timeout"))
    }

    @Test("Bytes of an unfinished frame count as a sign of life")
    func slowUpload() throws {
        for _ in 0..<4 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(20))
            channel.pipeline.fireChannelReadComplete()
        }
        #expect(channel.isActive)
    }

    @Test("A socket that is not read, since its session takes nothing, need not answer pings")
    func unread() throws {
        for number in 0..<4 { try receive(.text, "\(number)") }
        channel.pipeline.read()
        for _ in 0..<3 { channel.embeddedEventLoop.advanceTime(by: .seconds(20)) }
        #expect(channel.isActive)
    }
}
