import SessionEngine
import SpeechEngines

/// Asks the detector about a pause as a session does.
struct Assessor {
    /// What was said of a pause after so much silence.
    struct Point {
        let silenceMs: Int
        let features: TurnFeatures
        let smartTurn: Double
        var fused: Double { TurnFusion.score(features) }
    }

    struct Assessed {
        let pause: Pause
        let transcript: String
        let points: [Point]
    }

    /// Lengths of a pause that a session judges it at, and what has passed of it when it asks.
    static let silencesMs = [200, 400, 800, 1_600]
    private static let askedAtMs = [200, 304, 704, 1_504]

    let recordings: Recordings
    let ears: LocalEars

    func assess(_ pause: Pause) async throws -> Assessed {
        let turn = try recordings.turn(before: pause)
        let transcript = try await ears.transcriber.transcribe(turn + roomNoise(3_200), nil, onDelta: { _ in }).text
        var points: [Point] = []
        for (silence, asked) in zip(Self.silencesMs, Self.askedAtMs) {
            let evidence = TurnEvidence(speech: turn + roomNoise(asked * 16), silenceMs: asked, pauseMs: silence)
            let (features, smartTurn) = try await ears.turnDetector.assess(evidence, transcript: { transcript })
            points.append(Point(silenceMs: silence, features: features, smartTurn: smartTurn))
        }
        return Assessed(pause: pause, transcript: transcript, points: points)
    }
}
