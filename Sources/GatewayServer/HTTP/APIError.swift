import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import RealtimeProtocol

/// A failure as the client sees it: a status and the API's JSON error body, all four keys always present.
struct APIError: Error, Equatable {
    /// The `type` of the body.
    enum Kind: String {
        case invalidRequest = "invalid_request_error"
        case server = "server_error"
    }

    let status: HTTPResponse.Status
    let kind: Kind
    let code: String?
    let param: String?
    let message: String
    var headers: HTTPFields = [:]

    init(
        _ status: HTTPResponse.Status, _ kind: Kind = .invalidRequest, code: String? = nil, param: String? = nil,
        _ message: String
    ) {
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.message = message
    }

    var response: Response {
        let error: [String: Any] = [
            "message": message, "type": kind.rawValue, "param": param ?? NSNull(), "code": code ?? NSNull(),
        ]
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        let body = (try? JSONSerialization.data(withJSONObject: ["error": error], options: options)) ?? Data()
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.contentLength] = String(body.count)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension APIError {
    static let invalidKey: APIError = {
        var error = APIError(
            .unauthorized, code: "invalid_api_key",
            "Incorrect or missing API key. Send one of the keys of auth.keys as Authorization: Bearer.")
        error.headers[.wwwAuthenticate] = "Bearer"
        return error
    }()

    static let invalidSecret: APIError = {
        var error = APIError(
            .unauthorized, code: "invalid_api_key", "The client secret has expired or is not one of this server's.")
        error.headers[.wwwAuthenticate] = "Bearer"
        return error
    }()

    static let secretNotAllowed = APIError(
        .forbidden, code: "key_required", "A client secret may start sessions only; this needs one of auth.keys.")

    static let noRoomForSecret: APIError = {
        var error = APIError(
            .serviceUnavailable, .server, code: SessionRegistry.overloadedCode,
            "Too many large session configurations are held for client secrets; let some expire.")
        error.headers[.retryAfter] = "60"
        return error
    }()

    static let unknownModel = APIError(
        .notFound, code: "model_not_found", param: "model",
        "No engine has this name. Sessions take any name and give the default engine for it.")

    static let noSIPCall = APIError(
        .notFound, code: "call_not_found", param: "call_id",
        "There is no such incoming call: this server does not speak SIP.")

    static func foreignHost(_ host: String) -> APIError {
        APIError(
            .forbidden, code: "host_not_allowed",
            "This gateway has no keys and answers only to localhost, not to the host \"\(shown(host))\". "
                + "Add the name to http.allowed-hosts, or set auth.keys.")
    }

    static func foreignOrigin(_ origin: String) -> APIError {
        APIError(
            .forbidden, code: "origin_not_allowed",
            "This gateway has no keys and takes no requests from pages of \"\(shown(origin))\". "
                + "Add the origin to http.allowed-origins, or set auth.keys.")
    }

    static func unknownRoute(_ method: HTTPRequest.Method, _ path: String) -> APIError {
        APIError(.notFound, code: "unknown_url", "Unknown request URL: \(method.rawValue) \(shown(path)).")
    }

    static func methodNotAllowed(_ method: HTTPRequest.Method, allowed: [HTTPRequest.Method]) -> APIError {
        let list = allowed.map(\.rawValue).joined(separator: ", ")
        var error = APIError(
            .methodNotAllowed, code: "method_not_supported",
            "\(shown(method.rawValue)) is not supported here; use \(list).")
        error.headers[.allow] = list
        return error
    }

    static func unsupportedMediaType(
        _ type: String?, wanted: String = "application/sdp or multipart/form-data"
    ) -> APIError {
        APIError(
            .unsupportedMediaType, code: "unsupported_content_type",
            "Content-Type must be \(wanted), not \"\(shown(type ?? ""))\".")
    }

    static func tooLarge(limitBytes: Int) -> APIError {
        var error = APIError(
            .contentTooLarge, code: "request_too_large", "The request body is over the limit of \(limitBytes) bytes.")
        error.headers[.connection] = "close"
        return error
    }

    static func badRequest(code: String? = nil, param: String? = nil, _ message: String) -> APIError {
        APIError(.badRequest, code: code, param: param, message)
    }

    /// A plain GET, or a handshake of another version than 13 (RFC 6455 §4.4).
    static let upgradeRequired: APIError = {
        var error = APIError(
            .upgradeRequired, code: "upgrade_required", "Connect to this address with a WebSocket, version 13.")
        error.headers[.upgrade] = "websocket"
        error.headers[.secWebSocketVersion] = "13"
        return error
    }()

    static let unknownCall = APIError(.notFound, code: "call_not_found", param: "call_id", "There is no such call.")

    init(_ error: ProtocolError) {
        switch error.kind {
        case .server:
            self.init(.serviceUnavailable, .server, code: error.code, param: error.param, error.message)
            headers[.retryAfter] =
                switch error.code {
                case EngineShelf.loadingCode: "1"
                case SessionRegistry.overloadedCode: "5"
                default: "10"
                }
        default: self.init(.badRequest, code: error.code, param: error.param, error.message)
        }
    }

    init(_ error: CallError) {
        switch error {
        case .badSession(let error):
            self.init(error)
        case .badOffer(let words):
            self.init(.badRequest, code: "invalid_sdp", param: "sdp", words)
        case .badRestart(let words):
            self.init(.badRequest, code: "invalid_restart", param: "sdp", words)
        case .overloaded(let seconds, let words):
            self.init(.serviceUnavailable, .server, code: SessionRegistry.overloadedCode, words)
            headers[.retryAfter] = String(seconds)
        case .unavailable(let words):
            self.init(.serviceUnavailable, .server, code: "service_unavailable", words)
        }
    }

    /// The same on a WebSocket.
    var protocolError: ProtocolError {
        ProtocolError(kind == .server ? .server : .invalidRequest, code: code, message, param: param)
    }

    /// Any error a handler or the HTTP library throws.
    static func from(_ error: any Error) -> APIError {
        switch error {
        case let error as APIError:
            return error
        case let error as ProtocolError:
            return APIError(error)
        case is NIOTooManyBytesError:
            return .tooLarge(limitBytes: RequestBody.maxBytes)
        case let error as any HTTPResponseError:
            let kind: Kind = error.status.kind == .serverError ? .server : .invalidRequest
            return APIError(error.status, kind, "\(error.status.reasonPhrase).")
        default:
            return APIError(.internalServerError, .server, "The server failed to answer this request.")
        }
    }

    /// Text of a stranger, cut to a length fit for a message.
    private static func shown(_ text: String) -> String { String(text.prefix(100)) }
}
