package import ModelLibrary

/// The half of the embedded engine that listens: voice activity, end of turn and recogniser.
package struct LocalEars: Sendable {
    package let voiceActivity: SileroDetector
    package let turnDetector: FusedTurnDetector
    package let transcriber: MoonshineTranscriber

    /// Loads them to run on lanes of their own.
    package static func load(from directory: ModelDirectory) throws -> LocalEars {
        try LocalEars(
            runtime: ONNXRuntime(path: directory.path(.speechRuntime, "libonnxruntime.so")), directory: directory,
            speech: InferenceLane(name: "recogniser", niceness: 0, capacity: 64))
    }

    init(runtime: ONNXRuntime, directory: ModelDirectory, speech: InferenceLane) throws(LocalEngineError) {
        let activity = InferenceLane(name: "voice activity", niceness: 0, capacity: 64)
        // Apart, so that a judgement of 0.1 s does not hold up the voice activity of all sessions.
        let judgement = InferenceLane(name: "end of turn", niceness: 0, capacity: 32)
        voiceActivity = try SileroDetector(
            runtime: runtime, model: directory.path(.sileroVAD, "silero_vad.onnx"), lane: activity)
        turnDetector = FusedTurnDetector(
            smartTurn: try SmartTurnDetector(
                runtime: runtime, model: directory.path(.smartTurn, "smart-turn-v3.2-cpu.onnx"), lane: judgement))
        transcriber = MoonshineTranscriber(recognizer: try Self.recognizer(directory), lane: speech)
    }

    private static func recognizer(_ directory: ModelDirectory) throws(LocalEngineError) -> SherpaRecognizer {
        let library = try SherpaLibrary(path: directory.path(.speechRuntime, "libsherpa-onnx-c-api.so"))
        return try SherpaRecognizer(
            library: library,
            moonshine: SherpaRecognizer.MoonshineFiles(
                encoder: directory.path(.moonshineTiny, "encoder_model.ort"),
                mergedDecoder: directory.path(.moonshineTiny, "decoder_model_merged.ort"),
                tokens: directory.path(.moonshineTiny, "tokens.txt")))
    }
}
