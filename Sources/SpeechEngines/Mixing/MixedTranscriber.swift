package import RealtimeProtocol
package import SessionEngine

/// A recogniser that is several, asked in order (`ServerRace`).
package struct MixedTranscriber: Transcriber {
    /// Bytes of a transcript, and how many more for each second of speech: nobody speaks faster.
    private static let transcriptBytes = (any: 1_024, perSecond: 256)
    private static let hertz = 16_000

    private let transcribers: [MixedServer<any Transcriber>]
    private let servers: StageServers
    private let session: StageSession

    /// - Parameters:
    ///   - engine: the name, for metrics.
    ///   - transcribers: the preferred one first.
    package init(
        engine: String, _ transcribers: [MixedServer<any Transcriber>], clock: any MonotonicClock = ContinuousClock()
    ) {
        self.transcribers = transcribers
        servers = StageServers(
            "recogniser", label: "recogniser", engine: engine, transcribers, clock: clock)
        session = StageSession.none
    }

    private init(_ whole: MixedTranscriber, _ session: StageSession) {
        transcribers = whole.transcribers.map { $0.with($0.stage.forSession(session)) }
        servers = whole.servers
        self.session = session
    }

    package var languages: [String]? { transcribers.first?.stage.languages }

    package func forSession(_ session: StageSession) -> any Transcriber { MixedTranscriber(self, session) }

    package func transcribe(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?, onDelta: @Sendable (String) async -> Void
    ) async throws(EngineFailure) -> Transcript {
        let transcribers = transcribers
        let bound = Self.transcriptBytes.any + speech.count * Self.transcriptBytes.perSecond / Self.hertz
        let work = ServerRequest<String, Transcript>(
            servers: servers, session: session, bound: bound, size: { $0.utf8.count },
            ask: { server, onDelta throws(EngineFailure) in
                try await transcribers[server].stage.transcribe(speech, configuration, onDelta: onDelta)
            })
        return try await work.run(handOn: onDelta)
    }

    /// The first one alone, as far as it has time.
    package func transcribeInPassing(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?
    ) async throws(EngineFailure) -> String? {
        try await transcribers.first?.stage.transcribeInPassing(speech, configuration)
    }

    package func connect() async { await servers.connect(session) }

    package func probe() async { await servers.probe() }
}
