package import SessionEngine

/// A voice that is several, asked in order for each clause (`ServerRace`).
package struct MixedSynthesizer: Synthesizer {
    /// Samples (24 kHz) of a clause, and how many more for each byte of its text at the usual speed: nobody speaks slower.
    private static let clauseSamples = (any: 120_000, perByte: 6_000)

    private let synthesizers: [MixedServer<any Synthesizer>]
    private let servers: StageServers
    private let session: StageSession

    /// - Parameters:
    ///   - engine: the name, for metrics.
    ///   - synthesizers: the preferred one first.
    package init(
        engine: String, _ synthesizers: [MixedServer<any Synthesizer>], clock: any MonotonicClock = ContinuousClock()
    ) {
        self.synthesizers = synthesizers
        servers = StageServers("voice", label: "voice", engine: engine, synthesizers, clock: clock)
        session = StageSession.none
    }

    private init(_ whole: MixedSynthesizer, _ session: StageSession) {
        synthesizers = whole.synthesizers.map { $0.with($0.stage.forSession(session)) }
        servers = whole.servers
        self.session = session
    }

    package var voices: VoiceTable? { synthesizers.first?.stage.voices }

    package func forSession(_ session: StageSession) -> any Synthesizer { MixedSynthesizer(self, session) }

    package func speak(
        _ request: SpeechRequest, onAudio: @Sendable (SynthesizedAudio) async -> Void
    ) async throws(EngineFailure) {
        let synthesizers = synthesizers
        let usual = Self.clauseSamples.any + request.text.utf8.count * Self.clauseSamples.perByte
        // The slowest speed is a quarter.
        let bound = request.speed < 1 ? 4 * usual : usual
        let work = ServerRequest<SynthesizedAudio, Void>(
            servers: servers, session: session, bound: bound, size: { $0.samples.count },
            ask: { server, onAudio throws(EngineFailure) in
                try await synthesizers[server].stage.speak(request, onAudio: onAudio)
            })
        try await work.run(handOn: onAudio)
    }

    package func connect() async { await servers.connect(session) }

    package func probe() async { await servers.probe() }
}
