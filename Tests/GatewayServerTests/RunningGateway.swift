import Foundation
import GatewayServer
import Logging
import Metrics
import ServiceLifecycle

/// A gateway on free loopback ports around a scripted call service.
struct RunningGateway: Sendable {
    let addresses: [GatewayAddress]
    let calls: ScriptedCallService
    let sessions: ScriptedSessions
    let metrics: PrometheusMetricsFactory
    let group: ServiceGroup

    /// HTTP on 127.0.0.1.
    var http: RawHTTPClient { RawHTTPClient(port: addresses.first { $0.scheme == .http }?.port ?? 0) }

    /// A well-formed offer as far as HTTP is concerned.
    static let offer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"

    /// Starts, runs the body, stops, and waits for the stop.
    static func with(
        _ arguments: [String] = [], services: [any Service] = [], shelf: EngineShelf? = nil,
        makeDriver: SessionRegistry.MakeDriver? = nil,
        _ body: @Sendable (RunningGateway) async throws -> Void
    ) async throws {
        var configuration = try GatewayConfiguration(
            arguments: ["--http-port", "0", "--https-port", "0", "--http-hosts", "127.0.0.1"] + arguments,
            environment: [:])
        // A clone in which `make run` made certificates at the default place tests what a new one does.
        if !arguments.contains("--https-certificate") { configuration.https.tls = nil }
        let (ready, announce) = AsyncStream.makeStream(of: [GatewayAddress].self)
        let sessions = ScriptedSessions()
        let metrics = PrometheusMetricsFactory()
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let journal = try Journal(configuration.journal, logger: logger)
        let registry = sessions.registry(logger, limits: configuration.session, journal: journal, makeDriver)
        let calls = ScriptedCallService(sessions: registry)
        let server = try GatewayServer(
            configuration: configuration, calls: calls, sessions: registry, services: services,
            metrics: metrics, logger: logger, loading: { shelf?.loading }, whenListening: { announce.yield($0) })
        let group = server.serviceGroup()
        try await withThrowingTaskGroup { tasks in
            tasks.addTask {
                defer { announce.finish() }
                try await group.run()
            }
            var iterator = ready.makeAsyncIterator()
            if let addresses = await iterator.next() {
                let gateway = RunningGateway(
                    addresses: addresses, calls: calls, sessions: sessions, metrics: metrics, group: group)
                do {
                    try await body(gateway)
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// A request with a JSON body, and its answer's members.
    func json(
        _ path: String, _ body: String = "", method: String = "POST", key: String? = nil
    ) async throws -> (response: RawResponse, members: [String: Any]) {
        var headers = [("Content-Type", "application/json")]
        if let key { headers.append(("Authorization", "Bearer \(key)")) }
        let response = try await http.send(
            method, path, headers: headers, body: method == "POST" ? Array(body.utf8) : nil)
        return (response, (try? JSONSerialization.jsonObject(with: Data(response.body))) as? [String: Any] ?? [:])
    }

    func place(
        _ headers: [(String, String)] = [("Content-Type", "application/sdp")], path: String = "/v1/realtime/calls",
        body: String = offer, host: String? = "localhost"
    ) async throws -> RawResponse {
        try await http.send("POST", path, headers: headers, body: Array(body.utf8), host: host)
    }

    func restart(
        _ path: String, _ body: String = offer, type: String = "application/sdp", key: String? = nil
    ) async throws -> RawResponse {
        let authorization = key.map { [("Authorization", "Bearer \($0)")] } ?? []
        return try await http.send(
            "PATCH", path, headers: [("Content-Type", type)] + authorization, body: Array(body.utf8))
    }

    /// A form of these parts as the SDKs send it: no file names.
    func placeForm(_ parts: [(name: String, type: String, body: String)], lineEnd: String = "\r\n") async throws
        -> RawResponse
    {
        var body = ""
        for part in parts {
            body += "--b0undary\(lineEnd)Content-Disposition: form-data; name=\"\(part.name)\"\(lineEnd)"
            body += "Content-Type: \(part.type)\(lineEnd)\(lineEnd)\(part.body)\(lineEnd)"
        }
        body += "--b0undary--\(lineEnd)"
        return try await place([("Content-Type", "multipart/form-data; boundary=\"b0undary\"")], body: body)
    }
}
