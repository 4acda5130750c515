import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import GatewayServer

/// Stands in for a socket that can close its sending half, which an embedded channel cannot.
private final class HalfClose: ChannelOutboundHandler {
    typealias OutboundIn = HTTPResponsePart

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output {
            promise?.succeed()
        } else {
            context.close(mode: mode, promise: promise)
        }
    }
}

@Suite("Connections held for nothing")
struct ConnectionGuardTests {
    private let head = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/v1/realtime/calls")

    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(ConnectionGuard())
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func body(_ text: String) -> HTTPRequestPart { .body(ByteBuffer(string: text)) }

    @Test("A body that drips is cut off 30 seconds after its head")
    func drip() throws {
        let channel = try channel()
        try channel.writeInbound(HTTPRequestPart.head(head))
        for _ in 0..<29 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            try channel.writeInbound(body("x"))
        }
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("A complete request may be answered as late as it takes")
    func slowAnswer() throws {
        let channel = try channel()
        try channel.writeInbound(HTTPRequestPart.head(head))
        try channel.writeInbound(HTTPRequestPart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .minutes(5))
        #expect(channel.isActive)
        _ = try channel.finish()
    }

    @Test("An upgrade is taken for a plain request whose answer closes the connection")
    func upgrade() throws {
        let channel = try channel()
        var head = head
        head.headerFields = [.upgrade: "h2c", .connection: "Upgrade, HTTP2-Settings"]
        try channel.writeInbound(HTTPRequestPart.head(head))
        try channel.writeInbound(HTTPRequestPart.end(nil))
        guard case .head(let passed) = try channel.readInbound(as: HTTPRequestPart.self) else {
            Issue.record("no head")
            return
        }
        #expect(passed.headerFields[.upgrade] == nil)
        #expect(passed.headerFields[.connection] == "close")
        channel.writeAndFlush(HTTPResponsePart.head(.init(status: .notFound)), promise: nil)
        channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
        guard case .head(let answer) = try channel.readOutbound(as: HTTPResponsePart.self) else {
            Issue.record("no answer")
            return
        }
        #expect(answer.headerFields[.connection] == "close")
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!channel.isActive)
    }

    @Test("After an answer that closes, the rest of the request goes nowhere and the connection ends in two seconds")
    func linger() throws {
        let channel = try channel()
        try channel.pipeline.syncOperations.addHandler(HalfClose(), position: .first)
        try channel.writeInbound(HTTPRequestPart.head(head))
        channel.writeAndFlush(HTTPResponsePart.head(.init(status: .continue)), promise: nil)
        let refusal = HTTPResponse(status: .contentTooLarge, headerFields: [.connection: "close"])
        channel.writeAndFlush(HTTPResponsePart.head(refusal), promise: nil)
        channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
        _ = try channel.readInbound(as: HTTPRequestPart.self)
        try channel.writeInbound(body("late"))
        #expect(try channel.readInbound(as: HTTPRequestPart.self) == nil)
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!channel.isActive)
    }
}
