import HTTPTypes
import Hummingbird

/// Cross-origin sharing (Fetch standard, "HTTP CORS protocol"): any page that gets past `AccessPolicy` may read.
///
/// No cookies are used, so the wildcard origin gives nothing away; the call's name in `Location` is exposed.
struct CrossOrigin: Sendable {
    private static let allowedHeaders =
        "Authorization, Content-Type, X-OpenAI-Agents-SDK, OpenAI-Beta, OpenAI-Safety-Identifier"
    private static let preflightMaxAgeSeconds = 600

    func decorate(_ response: inout Response) {
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.accessControlExposeHeaders] = "Location, Retry-After"
    }

    /// The answer to `OPTIONS` on any route; headers beyond the known ones are allowed when asked for.
    func preflight(_ request: Request) -> Response {
        let asked = request.headers[.accessControlRequestHeaders]
        var headers: HTTPFields = [
            .accessControlAllowMethods: "GET, POST, PATCH, HEAD, OPTIONS",
            .accessControlAllowHeaders: asked.map { "\(Self.allowedHeaders), \($0)" } ?? Self.allowedHeaders,
            .accessControlMaxAge: String(Self.preflightMaxAgeSeconds),
        ]
        headers[.vary] = "Access-Control-Request-Headers"
        return Response(status: .noContent, headers: headers)
    }
}
