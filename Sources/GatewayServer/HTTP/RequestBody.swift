import HTTPTypes
import Hummingbird
import NIOCore
import RealtimeProtocol

/// Reads whole bodies of requests within a limit.
enum RequestBody {
    static let maxBytes = 256 * 1024

    static func bytes(of request: Request) async throws -> [UInt8] {
        if let announced = request.headers[.contentLength].flatMap(Int.init), announced > maxBytes {
            throw APIError.tooLarge(limitBytes: maxBytes)
        }
        return Array(buffer: try await request.body.collect(upTo: maxBytes))
    }

    /// The members of a JSON object; none for an empty body.
    static func fields(of request: Request) async throws -> JSONFields {
        let bytes = try await bytes(of: request)
        let isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        return JSONFields(isBlank ? JSONObject() : try object(bytes, named: nil), path: "")
    }

    /// - Parameter name: of the part of a form, for the error.
    static func object(_ bytes: [UInt8], named name: String?) throws(APIError) -> JSONObject {
        let place = name.map { "The part \($0)" } ?? "The body"
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw .badRequest(code: "invalid_json", param: name, "\(place) is not JSON: \(error.message).")
        }
        guard case .object(let object) = value else {
            throw .badRequest(code: "invalid_json", param: name, "\(place) is not a JSON object.")
        }
        return object
    }
}

extension Response {
    /// 200 with a JSON object.
    static func json(_ write: (inout JSONWriter) -> Void) -> Response {
        var json = JSONWriter()
        json.object(write)
        return .json(json.bytes)
    }

    /// 200 with JSON text.
    static func json(_ text: [UInt8]) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: text)))
    }
}
