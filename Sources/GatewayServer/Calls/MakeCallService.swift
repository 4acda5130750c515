import AudioPipeline
package import Logging
import PeerTransport
import RealtimeProtocol
package import ServiceLifecycle
import SpeechEngines
import VoiceSession

/// The call service of `parley serve`, the sessions behind it, and the services it needs running, first to start first.
package func makeCallService(
    _ configuration: GatewayConfiguration, _ engines: EngineShelf, _ logger: Logger
) throws -> (calls: any CallService, sessions: SessionRegistry, services: [any Service]) {
    let endpoint = try PeerEndpoint(PeerConfiguration(configuration), logger: logger)
    let journal = try Journal(configuration.journal, logger: logger)
    var made = makeCallService(configuration, engines, endpoint, journal: journal, logger)
    if let journal { made.services.insert(journal, at: 0) }
    return made
}

/// The same on an endpoint that the caller has: there is one in a process.
func makeCallService(
    _ configuration: GatewayConfiguration, _ engines: EngineShelf, _ endpoint: PeerEndpoint, journal: Journal? = nil,
    _ logger: Logger
) -> (calls: any CallService, sessions: SessionRegistry, services: [any Service]) {
    let settings = SessionFactory.Settings(configuration)
    let factory = SessionFactory(engine: engines.engine(of:), settings: settings)
    let watch = LoadWatch(endpoint, configuration.media.limits, configuration.audio)
    let sessions = SessionRegistry(
        makeDriver: { id, configuration, owner, logger throws(ProtocolError) in
            try factory.makeDriver(id, configuration, owner: owner, logger: logger)
        },
        models: engines.names + settings.upstreams.keys.sorted() + [LoopbackDriver.model],
        maxCount: configuration.session.maxCount, grace: configuration.session.resumeGrace, overload: watch.admit,
        journal: journal, logger: logger)
    let registry = CallRegistry(endpoint: endpoint, sessions: sessions, limits: configuration.calls, logger: logger)
    return (registry, sessions, [registry, watch, MemoryReturn(sessions: sessions)])
}

extension SessionFactory.Settings {
    init(_ configuration: GatewayConfiguration) {
        self.init()
        maxDuration = configuration.session.maxDuration
        rateLimit = configuration.session.rateLimit
        apology = configuration.session.apology
        deadlines = configuration.session.deadlines
        itemAudio = ItemAudioBudget(limitBytes: configuration.session.audioMemoryBytes)
        let passed = configuration.engine.entries.filter { !$0.upstreams.isEmpty }
        upstreams = Dictionary(passed.map { ($0.name, $0.upstreams) }) { _, last in last }
        connector = UpstreamWebSocketConnector()
        budget = configuration.budget.session
        budgetWords = configuration.budget.words
        ledger = configuration.budget.key.map { BudgetLedger(limit: $0, period: configuration.budget.period) }
        toolServers = configuration.tools.servers
        makeTools = { [settings = configuration.tools.callerSettings] in MCPToolCaller(settings) }
        prices = { [prices = configuration.prices] in prices.prices(of: $0) }
    }
}

extension PeerConfiguration {
    init(_ configuration: GatewayConfiguration) throws(GatewayError) {
        var encoder = OpusEncoderSettings()
        encoder.bitrateBps = Int32(clamping: configuration.audio.bitrateBps)
        encoder.complexity = Int32(clamping: configuration.audio.complexity)
        encoder.expectedLossPercent = Int32(clamping: configuration.audio.expectedLossPercent)
        self.init(audio: AudioSettings(rate: .hz24000, encoder: encoder))
        loops = configuration.media.loops
        setupTimeout = configuration.calls.setupTimeout
        ice = try ICEConfiguration(configuration.ice)
    }
}

extension ICEConfiguration {
    /// Names of servers are resolved here, once: libnice wants addresses.
    init(_ configuration: GatewayConfiguration.ICE) throws(GatewayError) {
        self.init()
        addresses = configuration.addresses
        publicAddress = configuration.publicAddress
        portRange = configuration.portRange
        tcp = configuration.tcp
        gatherTimeout = configuration.gatherTimeout
        if let server = configuration.stunServer {
            stunServer = STUNServer(host: try Self.resolved(server.host, "ice.stun-server"), port: server.port)
        }
        for server in configuration.turnServers {
            turnServers.append(
                TURNServer(
                    host: try Self.resolved(server.address.host, "ice.turn-servers"), port: server.address.port,
                    username: configuration.turnUser, password: configuration.turnPassword,
                    transport: server.transport == .udp ? .udp : .tcp))
        }
    }

    private static func resolved(_ host: String, _ key: String) throws(GatewayError) -> String {
        guard let address = ICEConfiguration.resolve(host) else { throw .unresolvedHost(key: key, host: host) }
        return address
    }
}
