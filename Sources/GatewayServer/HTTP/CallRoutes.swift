import HTTPTypes
import Hummingbird
import NIOCore
import RealtimeProtocol
import VoiceSession

/// Signalling of WebRTC calls: an SDP offer in, an answer out (RT-001 to RT-009, RT-020, RT-024).
struct CallRoutes: Sendable {
    static let path = "/v1/realtime/calls"

    let calls: any CallService

    /// `POST /v1/realtime/calls` and its legacy alias `POST /v1/realtime`.
    func place(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let form = try await Self.form(of: request)
        let start = SessionStart(
            caller: context.caller, model: request.uri.queryParameters.get("model"), part: form.session)
        let answer: CallAnswer
        do {
            answer = try await calls.place(
                CallRequest(
                    offer: form.offer, start: start, resume: ResumeRequest { request.uri.queryParameters.get($0) },
                    profile: ClientProfile(request, context.caller),
                    clientAddress: context.clientAddress))
        } catch {
            throw APIError(error)
        }
        return Response(
            status: .created,
            headers: [.contentType: "application/sdp", .location: "\(Self.path)/\(answer.id.rawValue)"],
            body: .init(byteBuffer: ByteBuffer(string: answer.answer)))
    }

    /// `PATCH /v1/realtime/calls/{id}`: a whole offer that restarts ICE in, an answer out; the call goes on.
    func restart(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let id = context.parameters.get("id").flatMap(CallID.init) else { throw APIError.unknownCall }
        guard MediaTypeHeader(request.headers[.contentType] ?? "").value == "application/sdp" else {
            throw APIError.unsupportedMediaType(request.headers[.contentType], wanted: "application/sdp")
        }
        let offer = try Self.offer(try await RequestBody.bytes(of: request))
        let answer: String?
        do { answer = try await calls.restart(id, context.caller, offer: offer) } catch { throw APIError(error) }
        guard let answer else { throw APIError.unknownCall }
        return Response(
            status: .ok, headers: [.contentType: "application/sdp"],
            body: .init(byteBuffer: ByteBuffer(string: answer)))
    }

    /// `POST /v1/realtime/calls/{id}/hangup`; whatever body comes is ignored.
    func hangUp(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let id = context.parameters.get("id").flatMap(CallID.init), await calls.hangUp(id, context.caller) else {
            throw APIError.unknownCall
        }
        return Response(status: .ok)
    }

    /// `accept`, `reject` and `refer` are for incoming SIP calls, of which there are none (RT-024).
    func sip(_ request: Request, _ context: GatewayContext) throws -> Response {
        throw APIError.noSIPCall
    }

    private static func form(of request: Request) async throws -> (offer: String, session: JSONObject?) {
        let type = MediaTypeHeader(request.headers[.contentType] ?? "")
        switch type.value {
        case "application/sdp":
            return (try offer(try await RequestBody.bytes(of: request)), nil)
        case "multipart/form-data":
            return try form(try await RequestBody.bytes(of: request), boundary: type.parameters["boundary"] ?? "")
        default:
            throw APIError.unsupportedMediaType(request.headers[.contentType])
        }
    }

    private static func form(_ body: [UInt8], boundary: String) throws -> (offer: String, session: JSONObject?) {
        let form: MultipartForm
        do {
            form = try MultipartForm(body, boundary: boundary)
        } catch {
            throw APIError.badRequest(code: "invalid_multipart", words(error))
        }
        for name in ["sdp", "session"] where form.parts.filter({ $0.name == name }).count > 1 {
            throw APIError.badRequest(code: "invalid_multipart", param: name, "The form has the part \(name) twice.")
        }
        guard let sdp = form.part("sdp") else {
            throw APIError.badRequest(code: "missing_sdp", param: "sdp", "The form has no part named sdp.")
        }
        return (try offer(sdp.body), try form.part("session").map { try RequestBody.object($0.body, named: "session") })
    }

    private static func offer(_ bytes: [UInt8]) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw APIError.badRequest(code: "invalid_sdp", param: "sdp", "The SDP offer is not UTF-8 text.")
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw APIError.badRequest(code: "missing_sdp", param: "sdp", "The SDP offer is empty.")
        }
        return text
    }

    private static func words(_ error: MultipartError) -> String {
        switch error {
        case .badBoundary: "The Content-Type has no usable boundary."
        case .noOpeningBoundary: "The boundary of the Content-Type does not occur in the body."
        case .noClosingBoundary: "The form ends before its closing boundary."
        case .badPartHeader: "A part of the form has no readable Content-Disposition with a name."
        case .tooManyParts(let limit): "The form has more than \(limit) parts."
        }
    }
}

extension ClientProfile {
    /// As the headers, the address or the secret of a call ask for: a secret of a legacy endpoint is for a beta client.
    init(_ request: Request, _ caller: Caller) {
        self.init(
            isBeta: caller.grant?.dialect == .beta || request.headers[.openAIBeta]?.contains(Self.betaHeader) == true,
            extensions: request.headers[.parleyExtensions], query: request.uri.queryParameters.get("parley"),
            resumes: request.uri.queryParameters.get("resume") != nil)
    }
}

extension HTTPField.Name {
    static let openAIBeta = HTTPField.Name("OpenAI-Beta")!
    static let parleyExtensions = HTTPField.Name("Parley-Extensions")!
}
