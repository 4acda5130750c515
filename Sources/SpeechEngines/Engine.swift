package import SessionEngine

/// What a model name selects: the five stages, each of them exchangeable.
package struct Engine: Sendable {
    package var name: String
    package var limits: EngineLimits
    package var voiceActivity: any VoiceActivityDetector
    /// Nil: `semantic_vad` goes by silence alone.
    package var turnDetector: (any TurnDetector)?
    /// Nil: `noise_reduction` is taken and does nothing, which is logged.
    package var noiseReducer: (any NoiseReducer)?
    package var transcriber: any Transcriber
    package var languageModel: any LanguageModel
    package var synthesizer: any Synthesizer
    /// Asked before each session.
    package var seats: EngineSeats

    /// - Parameter conversations: that it can hold at once; nil for no limit.
    package init(
        name: String, limits: EngineLimits, voiceActivity: any VoiceActivityDetector,
        turnDetector: (any TurnDetector)?, noiseReducer: (any NoiseReducer)? = nil, transcriber: any Transcriber,
        languageModel: any LanguageModel, synthesizer: any Synthesizer, conversations: Int? = nil
    ) {
        self.name = name
        self.limits = limits
        self.voiceActivity = voiceActivity
        self.turnDetector = turnDetector
        self.noiseReducer = noiseReducer
        self.transcriber = transcriber
        self.languageModel = languageModel
        self.synthesizer = synthesizer
        seats = EngineSeats(capacity: conversations)
    }

    /// With the stages of one session.
    package func forSession(_ session: StageSession) -> Engine {
        var engine = self
        engine.transcriber = transcriber.forSession(session)
        engine.languageModel = languageModel.forSession(session)
        engine.synthesizer = synthesizer.forSession(session)
        return engine
    }

    /// Opens what the first requests of a session would have to wait for, all at the same time.
    package func connect() async {
        async let hears: Void = transcriber.connect()
        async let thinks: Void = languageModel.connect()
        async let speaks: Void = synthesizer.connect()
        _ = await (hears, thinks, speaks)
    }

    /// Looks whether servers of its stages that failed are there again.
    package func probe() async {
        async let hears: Void = transcriber.probe()
        async let thinks: Void = languageModel.probe()
        async let speaks: Void = synthesizer.probe()
        _ = await (hears, thinks, speaks)
    }
}

/// The engines of this server by model name; a name that is not among them means the default (RT-039).
package struct EngineCatalog: Sendable {
    package let `default`: Engine
    private let others: [String: Engine]

    package init(default engine: Engine, others: [Engine] = []) {
        self.default = engine
        self.others = Dictionary(others.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    }

    package subscript(model: String) -> Engine { others[model] ?? self.default }

    package var all: [Engine] { [self.default] + others.values }

    /// The default first.
    package var names: [String] { [self.default.name] + others.keys.sorted() }
}
