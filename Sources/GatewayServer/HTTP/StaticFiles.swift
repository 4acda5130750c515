import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// Files of one directory for paths that no route takes; `/` is index.html. Hidden files and paths that climb are refused.
struct StaticFiles: RouterMiddleware {
    typealias Context = GatewayContext

    /// A file is what its type says, and pages of other origins may not frame it, which would let them steer a click.
    private static let manners: HTTPFields = [
        .xContentTypeOptions: "nosniff", .contentSecurityPolicy: "frame-ancestors 'self'",
    ]

    private let files: FileMiddleware<GatewayContext, LocalFileSystem>

    init(directory: String, logger: Logger) {
        files = FileMiddleware(
            directory, cacheControl: .init([(MediaType(type: .any), [.noCache])]), searchForIndexHtml: true,
            logger: logger)
    }

    func handle(
        _ request: Request, context: GatewayContext,
        next: (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard Self.mayBeFile(request.uri.path) else { return try await next(request, context) }
        var head = request.head
        head.headerFields[.range] = nil
        var response = try await files.handle(Request(head: head, body: request.body), context: context, next: next)
        for field in Self.manners { response.headers[field.name] = field.value }
        return response
    }

    private static func mayBeFile(_ path: String) -> Bool {
        let isEncoded = path.utf8.contains(UInt8(ascii: "%"))
        guard let path = isEncoded ? path.removingPercentEncoding : path else { return false }
        return path.utf8.allSatisfy { $0 >= 0x20 }
            && path.utf8.split(separator: UInt8(ascii: "/")).allSatisfy { $0.first != UInt8(ascii: ".") }
    }
}
