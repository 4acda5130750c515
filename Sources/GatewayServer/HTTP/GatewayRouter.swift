import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Builds the one responder that all listeners share.
struct GatewayRouter {
    let configuration: GatewayConfiguration
    let calls: any CallService
    let models: [String]
    let policy: AccessPolicy
    let authMetrics: AuthMetrics
    let metrics: PrometheusMetricsFactory
    let readiness: Readiness
    let journal: Journal?
    let logger: Logger

    func responder() -> RouterResponder<GatewayContext> {
        let router = Router(context: GatewayContext.self, options: .autoGenerateHeadEndpoints)
        router.add(
            middleware: Edge(
                policy: policy, routes: RouteTable(), metrics: HTTPMetrics(factory: metrics)))
        router.add(middleware: StaticFiles(directory: configuration.web.directory, logger: logger))
        addCalls(to: router)
        addSecretsAndModels(to: router)
        addOperations(to: router)
        return router.buildResponder()
    }

    private func addCalls(to router: Router<GatewayContext>) {
        let routes = CallRoutes(calls: calls)
        on(router, RouteTable.place, routes.place)
        on(router, RouteTable.placeLegacy, routes.place)
        on(router, RouteTable.restart, routes.restart)
        on(router, RouteTable.hangUp, routes.hangUp)
        for route in RouteTable.sip { on(router, route, routes.sip) }
        let servers = ICEServerRoutes(configuration: configuration.ice, now: { AccessPolicy.now })
        on(router, RouteTable.iceServers, servers.list)
        on(router, RouteTable.journal, JournalRoutes(journal: journal).delete)
        on(router, RouteTable.socket) { _, _ in throw APIError.upgradeRequired }
    }

    private func addSecretsAndModels(to router: Router<GatewayContext>) {
        let secrets = ClientSecretRoutes(
            secrets: policy.secrets, defaultModel: models.first ?? "",
            toolServers: configuration.tools.servers, metrics: authMetrics)
        on(router, RouteTable.clientSecrets, secrets.create)
        on(router, RouteTable.legacySessions, secrets.createLegacy)
        on(router, RouteTable.legacyTranscriptionSessions, secrets.createLegacyTranscription)
        let models = ModelRoutes(names: models, created: AccessPolicy.now, prices: configuration.prices)
        on(router, RouteTable.models, models.list)
        on(router, RouteTable.model, models.get)
    }

    private func addOperations(to router: Router<GatewayContext>) {
        on(router, RouteTable.metrics) { [metrics] _, _ in
            Self.text(metrics.render(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
        on(router, RouteTable.health) { _, _ in Self.text("alive\n") }
        on(router, RouteTable.ready) { [readiness] _, _ in
            if let error = readiness.refusal { throw error }
            return Self.text("ready\n")
        }
        on(router, RouteTable.authority) { [path = configuration.https.authority] _, _ in
            guard let pem = FileManager.default.contents(atPath: path) else {
                throw APIError(.notFound, code: "no_certificate", "There is no local authority; make certs makes one.")
            }
            return Self.text(String(decoding: pem, as: UTF8.self), type: "application/x-x509-ca-cert")
        }
    }

    private func on(
        _ router: Router<GatewayContext>, _ route: RouteTable.Route,
        _ handler: @escaping @Sendable (Request, GatewayContext) async throws -> Response
    ) {
        router.on(RouterPath(route.path), method: route.method, use: handler)
    }

    private static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
