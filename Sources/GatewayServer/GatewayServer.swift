import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOSSL
package import ServiceLifecycle
import UnixSignals

/// The gateway: HTTP and HTTPS listeners around one `CallService`, started and stopped in order.
///
/// Start: the given services, the listeners, readiness. Stop is the reverse, each with the deadline of the configuration.
package struct GatewayServer: Sendable {
    private static let cancellationGrace = Duration.seconds(5)

    private let configuration: GatewayConfiguration
    private let services: [any Service]
    private let listeners: [ListenerService]
    private let readiness: Readiness
    private let sessions: SessionRegistry
    private let logger: Logger

    /// - Parameters:
    ///   - services: what must run before the listeners and end after them, in this order.
    ///   - metrics: what GET /metrics shows.
    ///   - loading: what is not there yet, in words; nil when new calls can be served.
    ///   - whenListening: called once with the real addresses.
    package init(
        configuration: GatewayConfiguration, calls: any CallService, sessions: SessionRegistry,
        services: [any Service] = [], metrics: PrometheusMetricsFactory, logger: Logger,
        loading: @escaping @Sendable () -> String? = { nil },
        whenListening: @escaping @Sendable ([GatewayAddress]) -> Void
    ) throws {
        self.configuration = configuration
        self.services = services
        self.sessions = sessions
        self.logger = logger
        let readiness = Readiness(loading: loading)
        self.readiness = readiness
        let authMetrics = AuthMetrics(factory: metrics)
        let policy = AccessPolicy(configuration, metrics: authMetrics)
        let router = GatewayRouter(
            configuration: configuration, calls: calls, models: sessions.models, policy: policy,
            authMetrics: authMetrics, metrics: metrics, readiness: readiness,
            journal: sessions.journal, logger: logger)
        let sockets = WebSocketService(
            policy: policy, sessions: sessions, limits: WebSocketLimits(),
            metrics: WebSocketMetrics(factory: metrics), logger: logger)
        listeners = try Self.listeners(
            configuration, responder: router.responder(), sockets: sockets, readiness: readiness, logger: logger,
            whenListening: whenListening)
    }

    /// Runs until SIGTERM or SIGINT.
    package func run() async throws {
        try await serviceGroup(signals: [.sigterm, .sigint]).run()
    }

    /// The group to run in a test; it ends when it is told to.
    package func serviceGroup() -> ServiceGroup {
        serviceGroup(signals: [])
    }

    private func serviceGroup(signals: [UnixSignal]) -> ServiceGroup {
        let named = services.map { ("\(type(of: $0))", $0) } + listeners.map { ("\($0.scheme) \($0.host)", $0) }
        let bounded: [any Service] = named.map { name, service in
            DeadlineService(name: name, service: service, deadline: configuration.stop.deadline, logger: logger)
        }
        let first = ReadinessService(
            readiness: readiness, sessions: sessions, drain: configuration.stop.drain, logger: logger)
        var group = ServiceGroupConfiguration(
            services: bounded + [first], gracefulShutdownSignals: signals, logger: logger)
        group.maximumCancellationDuration = Self.cancellationGrace
        return ServiceGroup(configuration: group)
    }

    private static func listeners(
        _ configuration: GatewayConfiguration, responder: RouterResponder<GatewayContext>, sockets: WebSocketService,
        readiness: Readiness, logger: Logger, whenListening: @escaping @Sendable ([GatewayAddress]) -> Void
    ) throws -> [ListenerService] {
        let builder: (Bool) -> HTTPServerBuilder = { secure in
            HTTPServerBuilder { RealtimeChannel(responder: $0, secure: secure, sockets: sockets) }
        }
        var wanted = [(GatewayAddress.Scheme.http, configuration.http, builder(false))]
        if let files = configuration.https.tls {
            let secure = try HTTPServerBuilder.tls(builder(true), tlsConfiguration: tlsConfiguration(files))
            wanted.append((.https, configuration.https.listener, secure))
        } else {
            logger.notice("HTTPS is off: there is no certificate, make certs makes one")
        }
        let sockets = wanted.flatMap { scheme, listener, builder in
            available(listener.hosts, logger).map { (scheme, $0, listener.port, builder) }
        }
        let board = ListenerBoard(expected: sockets.count, readiness: readiness, whenListening: whenListening)
        return sockets.map { scheme, host, port, builder in
            ListenerService(
                scheme: scheme, host: host, port: port, builder: builder,
                responder: { request, writer, channel in
                    try await respond(to: request, on: channel, with: writer, through: responder, logger)
                },
                board: board, logger: logger)
        }
    }

    /// Leaves out IPv6 loopback where the machine has none.
    static func available(_ hosts: [String], _ logger: Logger) -> [String] {
        let local = Set((try? System.enumerateDevices())?.compactMap { $0.address?.ipAddress } ?? [])
        return hosts.filter { host in
            let usable = host != "::1" || local.contains(host) || hosts.count == 1
            if !usable { logger.info("No IPv6 loopback on this machine", metadata: ["host": "\(host)"]) }
            return usable
        }
    }

    static func tlsConfiguration(_ files: GatewayConfiguration.HTTPS.TLS) throws -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificate)
        } catch {
            throw GatewayError.badCertificate(
                key: "https.certificate", path: files.certificate, reason: "\(error)")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.privateKey, format: .pem)
        } catch {
            throw GatewayError.badCertificate(key: "https.private-key", path: files.privateKey, reason: "\(error)")
        }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        return tls
    }

    private static func respond(
        to request: Request, on channel: any Channel, with writer: consuming ResponseWriter,
        through responder: RouterResponder<GatewayContext>, _ logger: Logger
    ) async throws {
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        let context = GatewayContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        let request = canonical(request)
        let response = try await responder.respond(to: request, context: context)
        try await writer.write(response: response.head, body: response.body)
    }

    /// The request under the one path that the router knows.
    private static func canonical(_ request: Request) -> Request {
        let path = request.uri.path
        let canonical = RealtimePath.canonical(path)
        guard canonical != path else { return request }
        var head = request.head
        head.path = canonical + (request.uri.query.map { "?" + $0 } ?? "")
        return Request(head: head, body: request.body)
    }
}
