import SessionEngine

/// An engine that follows a script: the same words, calls, tones and times for the same input, for tests, load and demos.
package struct ScriptedEngine: Sendable {
    /// The model name that selects it.
    package static let name = "parley-scripted"

    package let engine: Engine

    package init(_ script: Script = .builtIn, clock: any MonotonicClock = ContinuousClock()) {
        let voice = ScriptedVoice(wordMs: script.timing.wordMs)
        engine = Engine(
            name: Self.name,
            limits: EngineLimits(
                contextTokens: script.limits.contextTokens, maxOutputTokens: script.limits.maxOutputTokens,
                acceptsImages: true, scoresTurns: script.turnScore != nil),
            voiceActivity: EnergyVoiceActivity(),
            turnDetector: script.turnScore.map { ScriptedTurnDetector(score: $0) },
            transcriber: ScriptedTranscriber(script, clock: clock),
            languageModel: ScriptedLanguageModel(script, clock: clock), synthesizer: voice)
    }
}

/// Finds every pause as finished as the script says.
struct ScriptedTurnDetector: TurnDetector {
    let score: Double

    func score(
        of evidence: TurnEvidence, transcript: @escaping @Sendable () async -> String?
    ) async throws(EngineFailure) -> Double { score }
}
