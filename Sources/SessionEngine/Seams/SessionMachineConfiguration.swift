package import RealtimeProtocol

/// What a session machine needs to know before its first input.
package struct SessionMachineConfiguration: Sendable {
    package var session: SessionID
    package var conversation: ConversationID
    /// Of the first `session.created`.
    package var initial: SessionConfiguration
    package var engine: EngineLimits
    /// Nil: no limit.
    package var maxDuration: Duration?
    /// Unix seconds at the start, for `expires_at`.
    package var startedAt: Int
    /// For identifiers.
    package var seed: UInt64
    /// Nil sends no `rate_limits.updated`.
    package var rateLimit: RateLimit?
    package var deadlines = StageDeadlines()
    /// What the assistant says where its language model failed; empty: nothing.
    package var apology = ""
    /// Nil: it may cost what it costs.
    package var spending: SpendingLimits?
    /// Which MCP servers its clients may use.
    package var toolServers = MCPAllowList()
    /// Whether clients may name addresses of MCP servers; one with a client secret may name labels alone.
    package var namesAddresses = true

    package init(
        session: SessionID, conversation: ConversationID, initial: SessionConfiguration, engine: EngineLimits,
        maxDuration: Duration? = nil, startedAt: Int, seed: UInt64, rateLimit: RateLimit? = nil
    ) {
        self.session = session
        self.conversation = conversation
        self.initial = initial
        self.engine = engine
        self.maxDuration = maxDuration
        self.startedAt = startedAt
        self.seed = seed
        self.rateLimit = rateLimit
    }
}

/// What the session machine must know of the engine behind it.
package struct EngineLimits: Equatable, Sendable {
    /// Tokens of context, and the most a response may take of them.
    package var contextTokens: Int
    package var maxOutputTokens: Int
    package var acceptsImages: Bool
    /// Whether `semantic_vad` gets its score from a turn detector; without one the policy uses silence alone.
    package var scoresTurns: Bool
    /// Whether the language model gains by reading ahead (`SessionEffect.prepare`).
    package var prepares: Bool
    /// Whether the recogniser can be asked about a turn before its end, as often as one likes (`SessionEffect.recognise`).
    package var recognisesEarly: Bool
    /// Whether answers may be begun before a turn is over (`SessionEffect.speculate`); takes `recognisesEarly` and `scoresTurns`.
    package var speculates: Bool

    package init(
        contextTokens: Int, maxOutputTokens: Int, acceptsImages: Bool, scoresTurns: Bool, prepares: Bool = false,
        recognisesEarly: Bool = false, speculates: Bool = false
    ) {
        self.contextTokens = contextTokens
        self.maxOutputTokens = maxOutputTokens
        self.acceptsImages = acceptsImages
        self.scoresTurns = scoresTurns
        self.prepares = prepares
        self.recognisesEarly = recognisesEarly
        self.speculates = speculates
    }
}
