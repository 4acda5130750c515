import SessionEngine

/// smart-turn: how finished a turn sounds, from its last 8 s.
final class SmartTurnDetector: Sendable {
    private let session: ONNXSession
    private let features: LogMelSpectrogram
    private let lane: InferenceLane

    init(runtime: ONNXRuntime, model path: String, lane: InferenceLane) throws(LocalEngineError) {
        session = try runtime.makeSession(model: path)
        features = LogMelSpectrogram()
        self.lane = lane
    }

    /// 0 to 1, of mono Int16 at 16 kHz with the pause at its end.
    func score(of speech: [Int16]) async throws(EngineFailure) -> Double {
        try await lane.run { [self] () throws(LocalEngineError) in
            let spectrogram = features.features(of: speech)
            let shape = [1, LogMelSpectrogram.bands, LogMelSpectrogram.frames]
            let outputs = try session.floats(
                [("input_features", .floats(Tensor(spectrogram, shape: shape)))], outputs: ["logits"])
            // Despite its name the output is a probability.
            guard let score = outputs.first?.values.first else {
                throw .output(model: "smart-turn", reason: "no output")
            }
            return Double(score)
        }
    }
}
