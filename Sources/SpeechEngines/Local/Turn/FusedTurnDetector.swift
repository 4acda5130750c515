package import SessionEngine

/// smart-turn, the length of the pause, the words and the melody of a turn, as one score.
package final class FusedTurnDetector: TurnDetector {
    private let smartTurn: SmartTurnDetector

    init(smartTurn: SmartTurnDetector) { self.smartTurn = smartTurn }

    package func score(
        of evidence: TurnEvidence, transcript: @escaping @Sendable () async -> String?
    ) async throws(EngineFailure) -> Double {
        TurnFusion.score(try await assess(evidence, transcript: transcript).features)
    }

    /// What it goes by, and smart-turn's own score.
    package func assess(
        _ evidence: TurnEvidence, transcript: @escaping @Sendable () async -> String?
    ) async throws(EngineFailure) -> (features: TurnFeatures, smartTurn: Double) {
        async let text = transcript()
        let prosody = Prosody(of: evidence.spoken)
        let acoustic = try await smartTurn.score(of: evidence.speech)
        let ending = await text.map { TranscriptEnding($0) }
        let features = TurnFeatures(
            smartTurn: acoustic, pauseMs: evidence.pauseMs, prosody: prosody, ending: ending)
        return (features, acoustic)
    }
}
