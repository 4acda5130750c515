import RealtimeProtocol
package import SessionEngine

/// A language model that is several, asked in order (`ServerRace`).
package struct MixedLanguageModel: LanguageModel {
    /// Bytes of an answer that was not limited in tokens; of one that is spoken, some twenty minutes.
    private static let maxAnswerBytes = (spoken: 1 << 14, written: 1 << 18)
    /// Of a limited one: what a token is on average is less, and a call's name and marks are not counted closely.
    private static let limitedBytes = (any: 512, perToken: 8)

    private let models: [MixedServer<any LanguageModel>]
    private let servers: StageServers
    private let session: StageSession

    /// - Parameters:
    ///   - engine: the name, for metrics.
    ///   - models: the preferred one first.
    package init(
        engine: String, _ models: [MixedServer<any LanguageModel>], clock: any MonotonicClock = ContinuousClock()
    ) {
        self.models = models
        servers = StageServers(
            "language model", label: "language_model", engine: engine, models, clock: clock)
        session = StageSession.none
    }

    private init(_ whole: MixedLanguageModel, _ session: StageSession) {
        models = whole.models.map { $0.with($0.stage.forSession(session)) }
        servers = whole.servers
        self.session = session
    }

    package func forSession(_ session: StageSession) -> any LanguageModel { MixedLanguageModel(self, session) }

    /// Those that do not hear read the words, which are there as well.
    package var hears: Bool { models.contains { $0.stage.hears } }

    package func respond(
        to request: ModelRequest, onOutput: @Sendable (ModelOutput) async -> Void
    ) async throws(EngineFailure) -> (reason: ModelEnd.Reason, usage: ModelUsage?) {
        let models = models
        let work = ServerRequest<ModelOutput, (reason: ModelEnd.Reason, usage: ModelUsage?)>(
            servers: servers, session: session, bound: Self.bound(request), size: Self.size
        ) { server, onOutput throws(EngineFailure) in
            try await models[server].stage.respond(to: request, onOutput: onOutput)
        }
        return try await work.run(handOn: onOutput)
    }

    private static func bound(_ request: ModelRequest) -> Int {
        guard case .tokens(let count) = request.maxOutputTokens else {
            return request.outputModality == .audio ? maxAnswerBytes.spoken : maxAnswerBytes.written
        }
        return limitedBytes.any + count * limitedBytes.perToken
    }

    private static func size(_ output: ModelOutput) -> Int {
        switch output {
        case .text(let text), .arguments(let text), .functionCall(_, let text): text.utf8.count
        case .messageEnd, .functionCallEnd: 0
        }
    }

    /// The first one alone, which is likely to be asked.
    package func prepare(for request: ModelRequest) async throws(EngineFailure) {
        try await models.first?.stage.prepare(for: request)
    }

    package var isIdle: Bool { models.first?.stage.isIdle ?? true }

    package func connect() async { await servers.connect(session) }

    package func probe() async { await servers.probe() }
}
