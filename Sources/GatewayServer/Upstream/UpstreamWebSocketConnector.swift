import Metrics
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
package import SessionEngine
package import VoiceSession

/// Opens WebSockets to upstreams: TLS verified by the system's roots and what is configured, the key in a header.
package final class UpstreamWebSocketConnector: UpstreamConnector {
    private static let connectTimeout = TimeAmount.seconds(5)
    /// From the first packet to the answer of the upgrade.
    private static let deadline = TimeAmount.seconds(10)

    /// What became of a request.
    private enum Answer: Sendable {
        case open(WebSocketSessionTransport)
        case refused
    }

    private let limits: WebSocketLimits
    private let metrics: WebSocketMetrics
    /// By the file of further roots; making one reads every root.
    private let contexts = NIOLockedValueBox<[String: NIOSSLContext]>([:])

    package init() {
        var limits = WebSocketLimits()
        // A conversation waits for it: it is missed sooner than a client.
        limits.pingInterval = .seconds(10)
        self.limits = limits
        metrics = WebSocketMetrics(factory: MetricsSystem.factory, noun: "upstream_socket")
    }

    package func connect(
        to endpoint: UpstreamEndpoint, isTranscription: Bool
    ) async throws(EngineFailure) -> any UpstreamSocket {
        let attempt = UpstreamAttempt()
        let answer: Answer
        do {
            answer = try await withTaskCancellationHandler {
                try await dial(endpoint, isTranscription, attempt).get()
            } onCancel: {
                attempt.cancel()
            }
        } catch {
            throw attempt.failure ?? .brokenOff
        }
        attempt.settle()
        guard case .open(let transport) = answer else { throw attempt.failure ?? .brokenOff }
        return UpstreamWebSocket(transport)
    }

    private func dial(
        _ endpoint: UpstreamEndpoint, _ isTranscription: Bool, _ attempt: UpstreamAttempt
    ) async throws -> EventLoopFuture<Answer> {
        let tls = try endpoint.isSecure ? context(endpoint.certificates) : nil
        let request = Self.request(endpoint, isTranscription)
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(Self.connectTimeout)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connect(host: endpoint.host, port: endpoint.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    attempt.begin(channel, deadline: Self.deadline)
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(Self.handler(tls, endpoint.host))
                    }
                    return try self.upgrade(channel, request, attempt)
                }
            }
    }

    /// An address has no name to be sent; the certificate must be for the address then.
    private static func handler(_ context: NIOSSLContext, _ host: String) throws -> NIOSSLClientHandler {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }

    private func context(_ certificates: String?) throws -> NIOSSLContext {
        if let known = contexts.withLockedValue({ $0[certificates ?? ""] }) { return known }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let certificates { configuration.additionalTrustRoots = [.file(certificates)] }
        let context = try NIOSSLContext(configuration: configuration)
        contexts.withLockedValue { $0[certificates ?? ""] = context }
        return context
    }

    private static func request(_ endpoint: UpstreamEndpoint, _ isTranscription: Bool) -> HTTPRequestHead {
        let isDefaultPort = endpoint.port == (endpoint.isSecure ? 443 : 80)
        let name = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
        var headers = HTTPHeaders([("Host", isDefaultPort ? name : "\(name):\(endpoint.port)")])
        if let (name, value) = endpoint.authorization { headers.add(name: name, value: value) }
        return HTTPRequestHead(
            version: .http1_1, method: .GET, uri: endpoint.target(isTranscription: isTranscription), headers: headers)
    }

    /// On the channel's event loop.
    private func upgrade(
        _ channel: any Channel, _ request: HTTPRequestHead, _ attempt: UpstreamAttempt
    ) throws -> EventLoopFuture<Answer> {
        let upgrader = NIOTypedWebSocketClientUpgrader<Answer>(
            maxFrameSize: limits.maxMessageBytesIn, enableAutomaticErrorHandling: false
        ) { [limits, metrics] channel, _ in
            channel.eventLoop.makeCompletedFuture {
                .open(
                    try WebSocketSessionTransport(
                        channel: channel, role: .client, kind: .webSocket, profile: ClientProfile(), limits: limits,
                        metrics: metrics))
            }
        }
        var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
            upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
                upgradeRequestHead: request, upgraders: [upgrader]
            ) { channel in
                channel.close(promise: nil)
                return channel.eventLoop.makeSucceededFuture(.refused)
            })
        // The first event may come with the answer.
        configuration.leftOverBytesStrategy = .forwardBytes
        let pipeline = channel.pipeline.syncOperations
        let answer = try pipeline.configureUpgradableHTTPClientPipeline(configuration: configuration)
        try pipeline.addHandler(
            UpgradeStatusReader(attempt),
            position: .before(try pipeline.handler(type: NIOTypedHTTPClientUpgradeHandler<Answer>.self)))
        return answer
    }
}

/// One try to open a socket: its deadline, its cancellation, and what the upstream answered.
private final class UpstreamAttempt: Sendable {
    private struct State {
        var channel: (any Channel)?
        var deadline: Scheduled<Void>?
        var isCancelled = false
        var failure: EngineFailure?
    }

    private let state = NIOLockedValueBox(State())

    var failure: EngineFailure? { state.withLockedValue { $0.failure } }

    func begin(_ channel: any Channel, deadline: TimeAmount) {
        let scheduled = channel.eventLoop.scheduleTask(in: deadline) { channel.close(promise: nil) }
        let isCancelled = state.withLockedValue { state in
            state.channel = channel
            state.deadline?.cancel()
            state.deadline = scheduled
            return state.isCancelled
        }
        if isCancelled { channel.close(promise: nil) }
    }

    func answered(_ status: HTTPResponseStatus) {
        guard status != .switchingProtocols else { return }
        state.withLockedValue { $0.failure = EngineFailure(upgradeStatus: status) }
    }

    func settle() { state.withLockedValue { $0.deadline }?.cancel() }

    func cancel() {
        let channel = state.withLockedValue { state in
            state.isCancelled = true
            return state.channel
        }
        channel?.close(promise: nil)
    }
}

/// Notes the status of the answer to an upgrade, and goes.
private final class UpgradeStatusReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let attempt: UpstreamAttempt

    init(_ attempt: UpstreamAttempt) { self.attempt = attempt }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            attempt.answered(head.status)
            context.fireChannelRead(data)
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        } else {
            context.fireChannelRead(data)
        }
    }
}

extension EngineFailure {
    /// What an upstream says of itself is not passed on.
    fileprivate init(upgradeStatus status: HTTPResponseStatus) {
        switch status {
        case .unauthorized, .forbidden:
            self.init(code: "engine_unauthorized", message: "The upstream does not take this gateway's key.")
        case .notFound:
            self.init(code: "engine_model_not_found", message: "The upstream does not know the model.")
        case .tooManyRequests, .serviceUnavailable:
            self.init(code: "engine_overloaded", message: "The upstream has no place for the session; try again.")
        default: self.init(code: "engine_error", message: "The upstream answered \(status.code).")
        }
    }
}
