import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Looks for model servers on this machine, to offer them: asks the usual ports on loopback, and nothing else, for their
/// models (GET /v1/models, as the chat completions API has it).
package struct ModelServerProbe: Sendable {
    /// Where a kind of server listens if it is not told otherwise.
    package struct Place: Equatable, Sendable {
        package var server: String
        package var port: Int

        package init(server: String, port: Int) {
            self.server = server
            self.port = port
        }
    }

    /// A server that answered.
    package struct Found: Equatable, Sendable {
        package var place: Place
        package var models: [String]

        /// For the person at the terminal.
        package var offer: String {
            let url = "http://127.0.0.1:\(place.port)/v1"
            let some = models.prefix(3).joined(separator: ", ") + (models.count > 3 ? ", …" : "")
            return "A model server answers at \(url), probably \(place.server), with \(some). "
                + "To let it answer in place of the embedded model: --llm \(url)"
        }
    }

    package static let usual = [
        Place(server: "Ollama", port: 11434), Place(server: "llama.cpp", port: 8080), Place(server: "vLLM", port: 8000),
        Place(server: "LM Studio", port: 1234),
    ]

    private static let patience = TimeAmount.milliseconds(500)
    static let maxBodyBytes = 1 << 18

    private let places: [Place]

    /// - Parameter ours: ports that this server listens on itself.
    package init(places: [Place] = usual, except ours: Set<Int>) {
        self.places = places.filter { !ours.contains($0.port) }
    }

    /// Takes at most half a second.
    package func find() async -> [Found] {
        await withTaskGroup(of: Found?.self) { group in
            for place in places {
                group.addTask { await Self.models(at: place.port).map { Found(place: place, models: $0) } }
            }
            var found: [Found] = []
            for await case let server? in group { found.append(server) }
            return found.sorted { $0.place.port < $1.place.port }
        }
    }

    /// Nil where nobody answers in the form of this API, or nobody but another Parley.
    private static func models(at port: Int) async -> [String]? {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let answer = loop.makePromise(of: [UInt8].self)
        let deadline = loop.scheduleTask(in: patience) { answer.fail(ChannelError.connectTimeout(patience)) }
        defer { deadline.cancel() }
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(patience).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                try channel.pipeline.syncOperations.addHandler(AnswerCollector(answer: answer))
            }
        }
        do {
            let channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
            defer { channel.close(promise: nil) }
            return names(in: Data(try await answer.futureResult.get()))
        } catch {
            answer.fail(error)
            return nil
        }
    }

    static func names(in body: Data) -> [String]? {
        struct List: Decodable {
            struct Model: Decodable {
                enum CodingKeys: String, CodingKey {
                    case id
                    case owner = "owned_by"
                }

                var id: String
                var owner: String?
            }
            var data: [Model]
        }
        guard let list = try? JSONDecoder().decode(List.self, from: body) else { return nil }
        let names = list.data.filter { $0.owner != "parley" }.map { String($0.id.prefix(100)) }
        return names.isEmpty ? nil : names
    }
}

/// Asks once it is connected and gives the body of a good answer to the promise.
private final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let answer: EventLoopPromise<[UInt8]>
    private var body: [UInt8] = []

    init(answer: EventLoopPromise<[UInt8]>) {
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers: HTTPHeaders = ["host": "127.0.0.1", "accept": "application/json", "connection": "close"]
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/v1/models", headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard head.status == .ok else { return fail(context) }
        case .body(let buffer):
            body += buffer.readableBytesView
            guard body.count <= ModelServerProbe.maxBodyBytes else { return fail(context) }
        case .end:
            answer.succeed(body)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(ChannelError.eof) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(context) }

    private func fail(_ context: ChannelHandlerContext) {
        answer.fail(ChannelError.eof)
        context.close(promise: nil)
    }
}
