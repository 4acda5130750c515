import RealtimeProtocol
import SessionEngine

/// What a session does in a pause: its machine, with the detector's scores and windows of voice activity of 32 ms.
struct SessionPolicy {
    private static let windowMs = 32
    /// Of speech before the pause, as far as the machine is concerned.
    private static let spokenMs = 1_600
    private static let longestMs = 9_000

    let eagerness: SemanticVAD.Eagerness
    /// Time the detector takes to answer, in ms.
    var thinkingMs = 0

    /// Silence after which the session ends the turn, in ms; `scores` in the order of `Assessor.silencesMs`.
    func actionMs(scores: [Double]) -> Double {
        let start = ContinuousClock.now
        var configuration = SessionConfiguration(kind: .realtime, model: "")
        configuration.input.turnDetection = .semantic(SemanticVAD(eagerness: eagerness))
        var machine = SessionMachine(
            SessionMachineConfiguration(
                session: SessionID("s"), conversation: ConversationID("c"), initial: configuration,
                engine: EngineLimits(
                    contextTokens: 1_000, maxOutputTokens: 100, acceptsImages: false, scoresTurns: true),
                startedAt: 0, seed: 1), now: start)
        _ = machine.handle(.attached(TransportID(rawValue: 0), .webSocket), now: start)
        var answers: [(dueMs: Int, SessionInput)] = []
        var asked = 0
        for ms in stride(from: Self.windowMs, through: Self.spokenMs + Self.longestMs, by: Self.windowMs) {
            let now = start + .milliseconds(ms)
            for answer in answers where answer.dueMs <= ms { _ = machine.handle(answer.1, now: now) }
            answers.removeAll { $0.dueMs <= ms }
            let probability = ms <= Self.spokenMs ? 0.95 : 0.02
            for effect in machine.handle(.voice(probability: probability, at: AudioPosition(ms: ms)), now: now) {
                switch effect {
                case .scoreTurn(let range, _, _) where asked < scores.count:
                    answers.append((ms + thinkingMs, .turnScore(scores[asked], at: range.upperBound)))
                    asked += 1
                case .emit(.inputAudioBufferSpeechStopped, _): return Double(ms - Self.spokenMs)
                default: break
                }
            }
        }
        return Double(Self.longestMs)
    }
}
