import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import GatewayServer

@Suite("Model servers on this machine")
struct ModelServerProbeTests {
    /// Answers every request with one body.
    private final class Stub: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let body: String

        init(body: String) {
            self.body = body
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .end = unwrapInboundIn(data) else { return }
            let head = HTTPResponseHead(
                version: .http1_1, status: .ok, headers: ["content-length": String(body.utf8.count)])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    private static func found(_ body: String) async throws -> [ModelServerProbe.Found] {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Stub(body: body))
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let place = ModelServerProbe.Place(server: "Stub", port: port)
        let found = await ModelServerProbe(places: [place], except: []).find()
        try await server.close()
        #expect(await ModelServerProbe(places: [place], except: [port]).find().isEmpty)
        return found
    }

    @Test("A server that lists its models is offered, with some of them and the flag")
    func offered() async throws {
        let found = try await Self.found(
            #"{"object": "list", "data": [{"id": "qwen3:4b"}, {"id": "b"}, {"id": "c"}, {"id": "d"}]}"#)
        #expect(found.count == 1)
        #expect(found.first?.models == ["qwen3:4b", "b", "c", "d"])
        let port = try #require(found.first?.place.port)
        #expect(found.first?.offer.contains("--llm http://127.0.0.1:\(port)/v1") == true)
        #expect(found.first?.offer.contains("qwen3:4b, b, c, …") == true)
    }

    @Test("Another Parley, another kind of server and one without models are not offered")
    func notOffered() async throws {
        for body in [
            #"{"data": [{"id": "parley-embedded", "owned_by": "parley"}]}"#, "<html></html>", #"{"data": []}"#,
        ] {
            #expect(try await Self.found(body).isEmpty)
        }
    }

    @Test("Where nobody listens, nothing is found")
    func nobody() async {
        // The discard port: nothing of ours listens there.
        let place = ModelServerProbe.Place(server: "nobody", port: 9)
        #expect(await ModelServerProbe(places: [place], except: []).find().isEmpty)
    }
}
