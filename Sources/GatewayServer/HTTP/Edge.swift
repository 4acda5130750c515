import HTTPTypes
import Hummingbird
import Logging

/// The outermost middleware, a request's way from top to bottom: origin, preflight, routes, error body, CORS, metrics.
struct Edge: RouterMiddleware {
    typealias Context = GatewayContext

    let policy: AccessPolicy
    let crossOrigin = CrossOrigin()
    let routes: RouteTable
    let metrics: HTTPMetrics

    func handle(
        _ request: Request, context: GatewayContext,
        next: (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await answer(request, context, next)
        } catch {
            let failure = refine(APIError.from(error), request)
            context.logger.debug(
                "Request refused",
                metadata: [
                    "status": "\(failure.status.code)", "code": "\(failure.code ?? "")", "path": "\(request.uri.path)",
                ])
            response = failure.response
        }
        crossOrigin.decorate(&response)
        metrics.count(
            request.method, route: routes.label(of: request.uri.path), response.status, took: .now - start)
        return response
    }

    private func answer(
        _ request: Request, _ context: GatewayContext,
        _ next: (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        try policy.checkOrigin(of: request)
        if request.method == .options { return crossOrigin.preflight(request) }
        var context = context
        context.caller = try policy.caller(of: request, routes.access(request.method, request.uri.path))
        return try await next(request, context)
    }

    /// The router knows no difference between an unknown path and a wrong method.
    private func refine(_ error: APIError, _ request: Request) -> APIError {
        guard error.status == .notFound, error.code == nil else { return error }
        let allowed = routes.methods(of: request.uri.path)
        return allowed.isEmpty
            ? .unknownRoute(request.method, request.uri.path) : .methodNotAllowed(request.method, allowed: allowed)
    }
}
