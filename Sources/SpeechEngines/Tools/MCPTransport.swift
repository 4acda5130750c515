import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import RealtimeProtocol
import SessionEngine

/// Posts JSON-RPC messages to one server over streamable HTTP (MCP specification 2025-06-18, transports).
struct MCPTransport: Sendable {
    /// What of an answer is read, whatever comes.
    static let maxAnswerBytes = 1 << 20
    /// What servers call sessions is longer in none of them.
    private static let maxSessionIDLength = 512

    /// What an exchange came to.
    struct Answer {
        /// Nil for a notification.
        var result: JSONValue?
        var session: String?
    }

    private let url: String
    private let headers: HTTPHeaders
    private let client: HTTPClient

    /// - Parameter address: the one that was looked at; the client connects to it and no other.
    init(_ server: MCPServer, at address: NetworkAddress) {
        url = server.url.text
        var headers = HTTPHeaders(server.headers.map { ($0.name, $0.value.text) })
        if let authorization = server.authorization {
            headers.replaceOrAdd(name: "Authorization", value: "Bearer \(authorization.text)")
        }
        self.headers = headers
        var configuration = HTTPClient.Configuration()
        configuration.dnsOverride = [server.url.host: address.text]
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func close() async { try? await client.shutdown() }

    /// Sends one message and reads until the answer to it has come.
    ///
    /// - Parameter id: of the request; nil for a message that has no answer.
    func post(
        _ message: [UInt8], id: Int?, session: String?, version: String?
    ) async throws(MCPError) -> Answer {
        var request = request(.POST, session: session, version: version)
        request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
        request.headers.replaceOrAdd(name: "Accept", value: "application/json, text/event-stream")
        request.body = .bytes(ByteBuffer(bytes: message))
        let response = try await execute(request)
        guard (200..<300).contains(response.status.code) else { throw .status(response.status.code) }
        let named = response.headers.first(name: "Mcp-Session-Id").flatMap {
            $0.isSessionID(Self.maxSessionIDLength) ? $0 : nil
        }
        guard let id else { return Answer(result: nil, session: named) }
        let isStream =
            response.headers.first(name: "Content-Type")?.lowercased().hasPrefix("text/event-stream") ?? false
        let result =
            if isStream {
                try await streamed(response.body, id, session: session, version: version)
            } else {
                try await whole(response.body, id)
            }
        return Answer(result: result, session: named)
    }

    /// Tells the server that the session is over; it may know no such request.
    func endSession(_ session: String, version: String?) async {
        _ = try? await execute(request(.DELETE, session: session, version: version))
    }

    private func request(_ method: HTTPMethod, session: String?, version: String?) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers = headers
        if let session { request.headers.replaceOrAdd(name: "Mcp-Session-Id", value: session) }
        if let version { request.headers.replaceOrAdd(name: "MCP-Protocol-Version", value: version) }
        return request
    }

    private func execute(_ request: HTTPClientRequest) async throws(MCPError) -> HTTPClientResponse {
        do {
            return try await client.execute(request, deadline: .distantFuture)
        } catch {
            throw .unreachable
        }
    }

    private func whole(_ body: HTTPClientResponse.Body, _ id: Int) async throws(MCPError) -> JSONValue {
        var bytes: [UInt8] = []
        try await read(body) { piece throws(MCPError) in
            bytes += piece
            return false
        }
        guard let value = try? JSONParser.parse(bytes) else { throw .malformed }
        let messages = if case .array(let batch) = value { batch } else { [value] }
        for message in messages.compactMap(MCPMessage.init) where message.answers(id) { return try message.result() }
        throw .malformed
    }

    private func streamed(
        _ body: HTTPClientResponse.Body, _ id: Int, session: String?, version: String?
    ) async throws(MCPError) -> JSONValue {
        var events = ServerSentEvents()
        var result: JSONValue?
        try await read(body) { piece throws(MCPError) in
            guard let whole = try? events.feed(piece) else { throw .malformed }
            for data in whole {
                guard let message = (try? JSONParser.parse(data)).flatMap(MCPMessage.init) else { continue }
                if message.answers(id) {
                    result = try message.result()
                    return true
                }
                // A server that asks us something in between gets its answer by a post of its own.
                guard let method = message.method, let asked = message.id else { continue }
                _ = try await post(MCPMessage.answer(to: asked, method), id: nil, session: session, version: version)
            }
            return false
        }
        guard let result else { throw .malformed }
        return result
    }

    /// The pieces of a body until one is enough.
    private func read(
        _ body: HTTPClientResponse.Body, _ isEnough: ([UInt8]) async throws(MCPError) -> Bool
    ) async throws(MCPError) {
        var pieces = body.makeAsyncIterator()
        var count = 0
        while true {
            let piece: ByteBuffer?
            do {
                piece = try await pieces.next()
            } catch {
                throw .unreachable
            }
            guard let piece else { return }
            count += piece.readableBytes
            guard count <= Self.maxAnswerBytes else {
                throw .http(code: 200, message: "The server's answer has more than \(Self.maxAnswerBytes) bytes.")
            }
            if try await isEnough(Array(piece.readableBytesView)) { return }
        }
    }
}

extension String {
    /// Visible ASCII, as the specification has it; anything else would be no header.
    fileprivate func isSessionID(_ maxLength: Int) -> Bool {
        (1...maxLength).contains(utf8.count) && utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension MCPError {
    static let unreachable = MCPError.http(code: 0, message: "The server cannot be reached, or broke off.")

    static func status(_ code: UInt) -> MCPError {
        let words =
            switch code {
            case 300..<400: "The server sends us elsewhere, which is not followed."
            case 401, 403: "The server does not let us in."
            default: "The server answered \(code)."
            }
        return .http(code: Int(code), message: words)
    }
}
