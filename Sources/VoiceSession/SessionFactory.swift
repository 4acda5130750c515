import Glibc
package import Logging
package import RealtimeProtocol
package import SessionEngine
package import SpeechEngines

/// Makes the driver of each new session: the model's name says which.
package struct SessionFactory: Sendable {
    /// What is configured for every session.
    package struct Settings: Sendable {
        /// Nil: no limit.
        package var maxDuration: Duration?
        /// Nil sends no `rate_limits.updated`.
        package var rateLimit: RateLimit?
        /// What the assistant says where its language model failed; empty: nothing.
        package var apology = ""
        package var deadlines = StageDeadlines()
        /// Of all sessions together.
        package var itemAudio = ItemAudioBudget(limitBytes: 1 << 30)
        /// Models whose sessions are passed on whole, by the client's name for them, and what opens sockets to them.
        package var upstreams: [String: [UpstreamEndpoint]] = [:]
        package var connector: (any UpstreamConnector)?
        /// Of a model, by its client's name for it.
        package var prices: @Sendable (String) -> SessionPrices = { _ in SessionPrices() }
        /// Of one session, by `prices.own`; nil: no limit.
        package var budget: Money?
        /// Of the sessions of one key together; nil: no limit.
        package var ledger: BudgetLedger?
        /// What the assistant says where a budget is used up; empty: nothing.
        package var budgetWords = ""
        /// Which MCP servers sessions may use, and what calls them.
        package var toolServers = MCPAllowList()
        package var makeTools: @Sendable () -> any ToolCaller = { NoToolCaller() }

        package init() {}
    }

    /// `error.code` when the engine has no place for another conversation.
    package static let engineFullCode = "engine_full"

    /// The engine of a model's name; throws while it is not there yet.
    package typealias FindEngine = @Sendable (_ model: String) throws(ProtocolError) -> Engine

    private let engine: FindEngine
    private let settings: Settings
    private let clock: any MonotonicClock

    package init(
        engine: @escaping FindEngine, settings: Settings = Settings(), clock: any MonotonicClock = ContinuousClock()
    ) {
        self.engine = engine
        self.settings = settings
        self.clock = clock
    }

    /// A driver for one session, not started yet.
    ///
    /// - Parameters:
    ///   - configuration: what the session starts with: from the address, a client secret or the form of a call.
    ///   - owner: who pays, and what its clients may name.
    ///   - logger: carries the session's id.
    package func makeDriver(
        _ id: SessionID, _ configuration: SessionConfiguration, owner: SessionOwner = SessionOwner(), logger: Logger
    ) throws(ProtocolError) -> any SessionDriver {
        guard configuration.model != LoopbackDriver.model else {
            return LoopbackDriver(
                Session(id: id, expiresAt: time(nil) + SessionMachine.unlimitedSeconds, configuration: configuration))
        }
        try settings.toolServers.check(configuration.servers)
        let charge = try charge(owner)
        if let endpoints = settings.upstreams[configuration.model], !endpoints.isEmpty,
            let connector = settings.connector
        {
            let prices = settings.prices(configuration.model)
            var machine = UpstreamMachineConfiguration(
                session: id, initial: configuration, endpoints: endpoints.count, maxDuration: settings.maxDuration,
                startedAt: time(nil))
            machine.toolServers = settings.toolServers
            machine.namesAddresses = owner.namesAddresses
            machine.spending = spending(prices, charge)
            return UpstreamSession(
                machine: machine, isTranscription: configuration.kind == .transcription, endpoints: endpoints,
                connector: connector, prices: prices, charge: charge, clock: clock, logger: logger)
        }
        let engine = try engine(configuration.model)
        guard let seat = engine.seats.take() else {
            throw ProtocolError(
                .server, code: Self.engineFullCode,
                "\(engine.name) holds as many conversations as it can (\(engine.seats.capacity ?? 0)); "
                    + "try again when one has ended.")
        }
        let prices = settings.prices(configuration.model)
        var machine = machineConfiguration(id, configuration, engine)
        machine.namesAddresses = owner.namesAddresses
        machine.spending = spending(prices, charge)
        return PipelineSession(
            machine: SessionMachine(machine, now: clock.now), initial: configuration, engine: engine, prices: prices,
            charge: charge, tools: settings.makeTools(), seat: seat, itemAudio: settings.itemAudio, clock: clock,
            logger: logger)
    }

    private func machineConfiguration(
        _ id: SessionID, _ configuration: SessionConfiguration, _ engine: Engine
    ) -> SessionMachineConfiguration {
        var machine = SessionMachineConfiguration(
            session: id, conversation: ConversationID("conv_" + RandomLetters.draw(21)), initial: configuration,
            engine: engine.limits, maxDuration: settings.maxDuration, startedAt: time(nil),
            seed: .random(in: .min ... .max), rateLimit: settings.rateLimit)
        machine.apology = settings.apology
        machine.deadlines = settings.deadlines
        machine.toolServers = settings.toolServers
        return machine
    }

    /// Refuses a session that nobody could pay for.
    private func charge(_ owner: SessionOwner) throws(ProtocolError) -> SessionCharge? {
        guard let ledger = settings.ledger, let account = owner.account else { return nil }
        guard ledger.allowance(of: account).left > Money(nanos: 0) else {
            throw ProtocolError(
                .rateLimit, code: EngineFailure.budgetCode, "The budget of this API key is used up; try again later.")
        }
        return SessionCharge(ledger: ledger, account: account)
    }

    private func spending(_ prices: SessionPrices, _ charge: SessionCharge?) -> SpendingLimits? {
        guard settings.budget != nil || charge != nil else { return nil }
        return prices.own.map {
            SpendingLimits(
                prices: $0, session: settings.budget, currency: prices.currency, words: settings.budgetWords)
        }
    }
}
