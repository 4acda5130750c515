import Foundation
import Logging
import NIOSSL
import PeerTransport
import RealtimeProtocol
import ServiceLifecycle
import SessionEngine
import SpeechEngines
import Synchronization

/// The server as configured, but on free ports of loopback: what can only be seen while it runs.
struct DoctorServer {
    private static let patience = Duration.seconds(180)
    private static let interval = Duration.milliseconds(100)

    private let configuration: GatewayConfiguration
    private let logger: Logger

    init(_ configuration: GatewayConfiguration, logger: Logger) {
        var own = configuration
        for listener in [\GatewayConfiguration.http, \.https.listener] {
            own[keyPath: listener].hosts = ["127.0.0.1"]
            own[keyPath: listener].port = 0
        }
        own.auth.keys = APIKeys([])
        own.ice = GatewayConfiguration.ICE.loopback(of: configuration.ice)
        // Its words are CertificateCheck's own.
        if case .unusable = CertificateCheck(own.https.tls, now: Date()).files { own.https.tls = nil }
        self.configuration = own
        self.logger = logger
    }

    /// Engine, trust and call.
    func examine(with caller: @escaping Doctor.Caller) async -> [DoctorFinding] {
        let engines = EngineSelection(configuration) { _ in }
        do {
            let endpoint = try PeerEndpoint(PeerConfiguration(configuration), logger: logger)
            let (calls, sessions, services) = makeCallService(configuration, engines.shelf, endpoint, logger)
            let (ready, announce) = AsyncStream.makeStream(of: [GatewayAddress].self)
            let server = try GatewayServer(
                configuration: configuration, calls: calls, sessions: sessions, services: engines.services + services,
                metrics: PrometheusMetricsFactory(), logger: logger, loading: { engines.shelf.loading },
                whenListening: { announce.yield($0) })
            let group = server.serviceGroup()
            async let running = Self.run(group, announce)
            var findings: [DoctorFinding] = []
            for await addresses in ready {
                findings = await look(addresses, engines.shelf, endpoint, caller)
                await group.triggerGracefulShutdown()
            }
            // What ended the server before it was looked at says more than that it was not there.
            if let failure = await running, findings.allSatisfy({ $0.grade != .good }) {
                return [EngineCheck(outcome: .failed(failure)).finding]
            }
            return findings
        } catch {
            return [EngineCheck(outcome: .failed("\(error)")).finding]
        }
    }

    /// Nil, or why it ended.
    private static func run(
        _ group: ServiceGroup, _ announce: AsyncStream<[GatewayAddress]>.Continuation
    ) async -> String? {
        defer { announce.finish() }
        do {
            try await group.run()
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func look(
        _ addresses: [GatewayAddress], _ shelf: EngineShelf, _ endpoint: PeerEndpoint, _ caller: Doctor.Caller
    ) async -> [DoctorFinding] {
        let start = ContinuousClock.now
        while let step = shelf.loading {
            guard start.duration(to: .now) < Self.patience else {
                return [
                    EngineCheck(outcome: .late(seconds: Int(Self.patience.components.seconds), step: step)).finding
                ]
            }
            // Nobody tells of it, and a person waits: a tenth of a second is soon enough.
            do { try await Task.sleep(for: Self.interval) } catch { return [] }
        }
        let tenths = (start.duration(to: .now) / .milliseconds(100)).rounded()
        let name = shelf.names.first ?? ""
        var findings = [EngineCheck(outcome: .ready(engine: name, seconds: tenths / 10)).finding]
        if let secure = addresses.first(where: { $0.scheme == .https }) {
            findings.append(await trust(secure.port).finding)
        }
        if let plain = addresses.first(where: { $0.scheme == .http }), let url = URL(string: plain.url) {
            findings.append(await call(url, shelf, name, endpoint, caller).finding)
        }
        return findings
    }

    private func trust(_ port: Int) async -> TrustCheck {
        let authority = configuration.https.authority
        let isThere = FileManager.default.isReadableFile(atPath: authority)
        return TrustCheck(
            byAuthority: isThere ? await TrustProbe.accepts(port: port, roots: .file(authority)) : nil,
            bySystem: await TrustProbe.accepts(port: port, roots: .default),
            authority: URL(fileURLWithPath: authority).path)
    }

    /// The question is spoken by the engine's own voice.
    private func call(
        _ url: URL, _ shelf: EngineShelf, _ name: String, _ endpoint: PeerEndpoint, _ caller: Doctor.Caller
    ) async -> CallCheck {
        let spoken = Mutex<[Int16]>([])
        do {
            let request = SpeechRequest(clause: 0, text: CallCheck.question, voice: .named("marin"), speed: 1)
            try await shelf.engine(of: name).synthesizer.speak(request) { audio in
                spoken.withLock { $0 += audio.samples }
            }
        } catch {
            return CallCheck(outcome: .failed("The voice failed: \(error)"))
        }
        return CallCheck(outcome: await caller(url, spoken.withLock { $0 }, endpoint))
    }
}

extension GatewayConfiguration.ICE {
    /// Media of this machine with itself, with the timing of the configuration.
    fileprivate static func loopback(of ice: Self) -> Self {
        var own = ice
        own.addresses = ["127.0.0.1"]
        own.publicAddress = nil
        own.portRange = nil
        own.stunServer = nil
        own.turnServers = []
        own.tcp = false
        return own
    }
}
