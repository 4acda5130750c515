import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Signalling of WebRTC calls: an SDP offer in, an answer out (RT-001 to RT-009, RT-020, RT-024).
struct CallRoutes: Sendable {
    static let maxBodyBytes = 256 * 1024
    static let path = "/v1/realtime/calls"

    let calls: any CallService

    /// `POST /v1/realtime/calls` and its legacy alias `POST /v1/realtime`.
    func place(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let form = try await Self.form(of: request)
        let answer: CallAnswer
        do {
            answer = try await calls.place(
                CallRequest(
                    offer: form.offer, session: form.session, model: request.uri.queryParameters.get("model"),
                    clientAddress: context.clientAddress))
        } catch {
            throw APIError(error)
        }
        return Response(
            status: .created,
            headers: [.contentType: "application/sdp", .location: "\(Self.path)/\(answer.id.rawValue)"],
            body: .init(byteBuffer: ByteBuffer(string: answer.answer)))
    }

    /// `POST /v1/realtime/calls/{id}/hangup`; whatever body comes is ignored.
    func hangUp(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let id = context.parameters.get("id").flatMap(CallID.init), await calls.hangUp(id) else {
            throw APIError.unknownCall
        }
        return Response(status: .ok)
    }

    private static func form(of request: Request) async throws -> (offer: String, session: [UInt8]?) {
        let type = MediaTypeHeader(request.headers[.contentType] ?? "")
        switch type.value {
        case "application/sdp":
            return (try offer(try await body(of: request)), nil)
        case "multipart/form-data":
            return try form(try await body(of: request), boundary: type.parameters["boundary"] ?? "")
        default:
            throw APIError.unsupportedMediaType(request.headers[.contentType])
        }
    }

    private static func form(_ body: [UInt8], boundary: String) throws -> (offer: String, session: [UInt8]?) {
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
        return (try offer(sdp.body), try form.part("session").map { try session($0.body) })
    }

    private static func body(of request: Request) async throws -> [UInt8] {
        if let announced = request.headers[.contentLength].flatMap(Int.init), announced > maxBodyBytes {
            throw APIError.tooLarge(limitBytes: maxBodyBytes)
        }
        return Array(buffer: try await request.body.collect(upTo: maxBodyBytes))
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

    private static func session(_ bytes: [UInt8]) throws -> [UInt8] {
        guard (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any] else {
            throw APIError.badRequest(
                code: "invalid_json", param: "session", "The part session is not a JSON object.")
        }
        return bytes
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
