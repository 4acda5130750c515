import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// An HTTP server for one test of an MCP client: each request gets what `answer` says of it; all of them can be looked at.
final class ToolServer: Sendable {
    /// One request: its first line, its headers in lower case, its body.
    struct Request: Sendable {
        let line: String
        let headers: [String: String]
        let body: String
    }

    /// Nil says nothing, and leaves the connection open.
    typealias Answer = @Sendable (Request) -> String?

    private let channel: any Channel
    private let heard = NIOLockedValueBox<[Request]>([])

    var port: Int { channel.localAddress?.port ?? 0 }
    var requests: [Request] { heard.withLockedValue { $0 } }

    init(_ answer: @escaping Answer) async throws {
        let heard = heard
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(Handler(answer, heard))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func stop() async throws { try await channel.close() }

    static func json(_ body: String, session: String? = nil, status: String = "200 OK") -> String {
        let named = session.map { "Mcp-Session-Id: \($0)\r\n" } ?? ""
        return
            "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\n\(named)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    static func stream(_ events: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(events.utf8.count)\r\n\r\n\(events)"
    }

    static func always(_ answer: String?) -> Answer { { _ in answer } }

    static let accepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"

    /// The number of a request, for its answer.
    static func id(_ request: Request) -> String {
        guard let start = request.body.firstRange(of: #""id":"#) else { return "null" }
        return String(request.body[start.upperBound...].prefix { $0.isNumber })
    }

    /// Answers the introduction, and leaves the rest to `next`.
    static func introduced(session: String? = nil, _ next: @escaping Answer) -> Answer {
        { request in
            if request.body.contains(#""initialize""#) {
                return json(
                    #"{"jsonrpc":"2.0","id":\#(id(request)),"result":{"protocolVersion":"2025-06-18","capabilities":{}}}"#,
                    session: session)
            }
            return request.body.contains("notifications/initialized") ? accepted : next(request)
        }
    }

    static func result(_ request: Request, _ result: String) -> String {
        json(#"{"jsonrpc":"2.0","id":\#(id(request)),"result":\#(result)}"#)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: Answer
        private let heard: NIOLockedValueBox<[Request]>
        private var text = ""

        init(_ answer: @escaping Answer, _ heard: NIOLockedValueBox<[Request]>) {
            self.answer = answer
            self.heard = heard
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            while let request = take() {
                heard.withLockedValue { $0.append(request) }
                guard let answer = answer(request) else { continue }
                context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: answer)), promise: nil)
            }
        }

        private func take() -> Request? {
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            let lines = text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
            let pairs = lines.dropFirst().compactMap { line -> (String, String)? in
                let parts = line.split(separator: ":", maxSplits: 1)
                return parts.count == 2
                    ? (parts[0].lowercased(), parts[1].trimmingPrefix(while: \.isWhitespace).description) : nil
            }
            let headers = Dictionary(pairs) { _, last in last }
            let length = headers["content-length"].flatMap { Int($0) } ?? 0
            guard text[end.upperBound...].utf8.count >= length else { return nil }
            let body = String(decoding: text[end.upperBound...].utf8.prefix(length), as: UTF8.self)
            text = String(decoding: text[end.upperBound...].utf8.dropFirst(length), as: UTF8.self)
            return Request(line: lines.first ?? "", headers: headers, body: body)
        }
    }
}
