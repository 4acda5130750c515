package import ModelLibrary

/// The half of the embedded engine that listens: voice activity, end of turn and recogniser.
package struct LocalEars: Sendable {
    package let voiceActivity: SileroDetector
    package let turnDetector: FusedTurnDetector
    package let transcriber: MoonshineTranscriber

    /// Loads them, with the default recogniser, to run on lanes of their own.
    package static func load(from directory: ModelDirectory) throws -> LocalEars {
        let source = LocalSpeech.Source(
            directory: directory,
            runtime: try ONNXRuntime(path: directory.path(.speechRuntime, "libonnxruntime.so")),
            lane: InferenceLane(name: "recogniser", niceness: 0, capacity: 64), settings: LocalEngine.Settings())
        return try LocalEars(
            runtime: source.runtime, directory: directory,
            transcriber: try LocalSpeech.transcriber(source, .standard))
    }

    init(
        runtime: ONNXRuntime, directory: ModelDirectory, transcriber: MoonshineTranscriber
    ) throws(LocalEngineError) {
        let activity = InferenceLane(name: "voice activity", niceness: 0, capacity: 64)
        // Apart, so that a judgement of 0.1 s does not hold up the voice activity of all sessions.
        let judgement = InferenceLane(name: "end of turn", niceness: 0, capacity: 32)
        voiceActivity = try SileroDetector(
            runtime: runtime, model: directory.path(.sileroVAD, "silero_vad.onnx"), lane: activity)
        turnDetector = FusedTurnDetector(
            smartTurn: try SmartTurnDetector(
                runtime: runtime, model: directory.path(.smartTurn, "smart-turn-v3.2-cpu.onnx"), lane: judgement))
        self.transcriber = transcriber
    }
}
