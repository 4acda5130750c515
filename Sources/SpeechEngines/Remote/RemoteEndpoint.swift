import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
package import RealtimeProtocol
package import SessionEngine

/// One stage of an engine at an OpenAI-compatible HTTP server: where it is, which model of it, and the key that opens it.
package struct RemoteEndpoint: Sendable {
    /// What of a server's answer is read into memory when it should be a short one.
    static let maxBodyBytes = 16 << 20
    /// For a connection that is opened ahead.
    private static let connectLimit = TimeAmount.seconds(5)

    /// One for the process, which keeps connections; a server that does not listen is told at once instead of tried again.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        // How many requests a server gets at once is said by its configuration (`ServerLimits`).
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 4_096
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Up to and without the path of an operation: `http://127.0.0.1:11434/v1`.
    package let base: String
    package let model: String
    /// Sent as `Authorization: Bearer`; never told to a client.
    package let key: Credential?

    /// OpenAI's own service, or Azure's of it.
    var isOpenAI: Bool { base.hasPrefix("https://api.openai.com/") || base.contains(".openai.azure.com/") }

    package init(base: String, model: String, key: Credential? = nil) {
        self.base = base
        self.model = model
        self.key = key
    }

    /// Of `http(s)://host:port/path#MODEL`; without a path `/v1` is meant, without a model the server's first, which
    /// `resolved` asks for. Nil for anything else.
    package init?(_ text: String, key: Credential?) {
        guard let url = URLComponents(string: text), ["http", "https"].contains(url.scheme), let host = url.host,
            !host.isEmpty, url.user == nil, url.query == nil
        else { return nil }
        var base = url
        base.fragment = nil
        while base.path.hasSuffix("/") { base.path.removeLast() }
        if base.path.isEmpty { base.path = "/v1" }
        guard let base = base.string else { return nil }
        self.init(base: base, model: url.fragment ?? "", key: key)
    }

    /// With a model: the one that was named, or the server's first.
    package func resolved() async throws(EngineFailure) -> RemoteEndpoint {
        guard model.isEmpty else { return self }
        guard let first = try await models().first else {
            throw EngineFailure(code: "engine_model_not_found", message: "The model server lists no model.")
        }
        return RemoteEndpoint(base: base, model: first.id, key: key)
    }

    /// A model that a server lists.
    package struct ListedModel: Sendable {
        package let id: String
        package let owner: String?
    }

    /// What the server has, by `GET /models`; empty where it answers in another form.
    package func models() async throws(EngineFailure) -> [ListedModel] {
        let stage = "language model"
        let response = try await send(stage, request("/models", accept: "application/json"))
        let list = try? JSONParser.parse(await Self.whole(stage, response.body))
        return (list?["data"]?.elements ?? []).compactMap { model in
            model["id"]?.text.map { ListedModel(id: $0, owner: model["owned_by"]?.text) }
        }
    }

    /// Posts a request and gives its answer once the status is 200.
    ///
    /// - Parameters:
    ///   - stage: the stage in words, for the failure.
    ///   - path: below `base`, with its slash.
    func post(
        _ stage: String, _ path: String, contentType: String, _ body: [UInt8], accept: String
    ) async throws(EngineFailure) -> HTTPClientResponse {
        var request = request(path, accept: accept)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: contentType)
        request.body = .bytes(ByteBuffer(bytes: body))
        return try await send(stage, request)
    }

    /// Opens a connection that the next request finds ready, by a question that costs nothing.
    ///
    /// - Returns: why no request need be tried; what the server answers to this one does not matter otherwise.
    func connect() async -> EngineFailure? {
        let stage = "engine"
        do throws(EngineFailure) {
            let response = try await send(
                stage, request("/models", accept: "application/json"), deadline: .now() + Self.connectLimit)
            // To its end, or the connection is of no more use.
            _ = try await Self.whole(stage, response.body)
            return nil
        } catch {
            return ["engine_unreachable", "engine_unauthorized"].contains(error.code) ? error : nil
        }
    }

    private func request(_ path: String, accept: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base + path)
        request.headers.add(name: "Accept", value: accept)
        if let key { request.headers.add(name: "Authorization", value: "Bearer \(key.text)") }
        return request
    }

    private func send(
        _ stage: String, _ request: HTTPClientRequest, deadline: NIODeadline = .distantFuture
    ) async throws(EngineFailure) -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await Self.client.execute(request, deadline: deadline)
        } catch is CancellationError {
            throw .cancelled
        } catch is HTTPParserError {
            throw .unreadable(stage, "what is no HTTP")
        } catch {
            throw Self.unreachable(stage)
        }
        guard response.status == .ok else { throw Self.refused(stage, response) }
        return response
    }

    /// Every byte of a body, in the pieces that come.
    static func read(
        _ stage: String, _ body: HTTPClientResponse.Body, _ onPiece: (ByteBuffer) async throws(EngineFailure) -> Void
    ) async throws(EngineFailure) {
        var pieces = body.makeAsyncIterator()
        while true {
            let piece: ByteBuffer?
            do {
                piece = try await pieces.next()
            } catch {
                throw Task.isCancelled ? .cancelled : unreachable(stage)
            }
            guard let piece else { return }
            try await onPiece(piece)
        }
    }

    /// A whole body of at most `maxBodyBytes`.
    static func whole(_ stage: String, _ body: HTTPClientResponse.Body) async throws(EngineFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        try await read(stage, body) { piece throws(EngineFailure) in
            bytes += piece.readableBytesView
            guard bytes.count <= maxBodyBytes else {
                throw EngineFailure(code: "engine_error", message: "The server of the \(stage) answered without end.")
            }
        }
        return bytes
    }

    private static func retryAfter(_ response: HTTPClientResponse) -> Duration? {
        response.headers.first(name: "Retry-After").flatMap {
            RetryAfter.delay($0, date: response.headers.first(name: "Date"), now: Date())
        }
    }

    static func unreachable(_ stage: String) -> EngineFailure {
        EngineFailure(
            code: "engine_unreachable", message: "The server of the \(stage) cannot be reached, or broke off.")
    }

    private static func refused(_ stage: String, _ response: HTTPClientResponse) -> EngineFailure {
        switch response.status {
        case .unauthorized, .forbidden:
            EngineFailure(
                code: "engine_unauthorized", message: "The server of the \(stage) does not take this gateway's key.")
        case .notFound:
            EngineFailure(
                code: "engine_model_not_found",
                message: "The server of the \(stage) does not know the model or the operation.")
        case .tooManyRequests, .serviceUnavailable:
            EngineFailure(
                code: "engine_overloaded", message: "The server of the \(stage) is busy; try again.",
                retryAfter: retryAfter(response))
        case .badRequest, .payloadTooLarge, .unsupportedMediaType, .unprocessableEntity:
            EngineFailure(
                code: "engine_request_refused",
                message: "The server of the \(stage) does not take this request (\(response.status.code)).")
        default:
            EngineFailure(
                code: "engine_error", message: "The server of the \(stage) answered \(response.status.code).")
        }
    }
}

extension EngineFailure {
    /// What a server sent cannot be read as an answer, whole as it may be.
    ///
    /// - Parameters:
    ///   - stage: in words.
    ///   - what: it sent, in words of ours.
    static func unreadable(_ stage: String, _ what: String) -> EngineFailure {
        EngineFailure(code: "engine_unreadable", message: "The server of the \(stage) sent \(what).")
    }
}
