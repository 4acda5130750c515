import Foundation
package import ModelLibrary
import RealtimeProtocol
import SessionEngine

/// The engine that runs in this process: Silero, smart-turn, Moonshine, llama.cpp and hibari, one lane of inference for each kind.
package enum LocalEngine {
    package static let name = "parley-embedded"

    /// What may be configured of it.
    package struct Settings: Sendable {
        /// GGUF file instead of the catalog's.
        package var languageModel: String?
        package var languageThreads: Int
        /// Tokens in the language model's key-value cache, of all conversations together; at least `contextTokens`.
        package var languageCacheTokens: Int

        package init(languageModel: String? = nil, languageThreads: Int = 1, languageCacheTokens: Int = 8192) {
            self.languageModel = languageModel
            self.languageThreads = languageThreads
            self.languageCacheTokens = languageCacheTokens
        }

        /// The models it cannot do without.
        package var assets: [ModelAsset] {
            ModelAsset.all.filter { $0 != .rnnoise && (languageModel == nil || $0 != .qwenCoder) }
        }
    }

    /// Recogniser and voice yield to the media threads, the language model to those, too.
    private enum Niceness {
        static let speech: Int32 = 5
        static let language: Int32 = 10
    }

    private static let contextTokens = 4096

    /// Checks every model against its hash, loads it and runs it once.
    ///
    /// - Parameter report: gets a line per step, for the person who waits.
    package static func load(
        from directory: ModelDirectory, _ settings: Settings, report: (String) -> Void
    ) async throws -> Engine {
        try checkMachine()
        report("checking \(settings.assets.count) models")
        for asset in settings.assets { try directory.verify(asset) }
        let runtime = try ONNXRuntime(path: directory.path(.speechRuntime, "libonnxruntime.so"))
        let speech = InferenceLane(name: "recogniser and voice", niceness: Niceness.speech, capacity: 16)
        report("loading voice activity, end of turn and recogniser")
        let ears = try LocalEars(runtime: runtime, directory: directory, speech: speech)
        let noiseReducer = try noiseReducer(directory, report)
        report("loading the voice")
        let synthesizer = HibariSynthesizer(
            model: try HibariModel(runtime: runtime, files: voiceFiles(directory)), lane: speech)
        report("loading the language model")
        let languageModel = try makeLanguageModel(directory, settings)
        let engine = Engine(
            name: name,
            limits: EngineLimits(
                contextTokens: contextTokens, maxOutputTokens: contextTokens / 2, acceptsImages: false,
                scoresTurns: true, prepares: true, recognisesEarly: true),
            voiceActivity: ears.voiceActivity, turnDetector: ears.turnDetector, noiseReducer: noiseReducer,
            transcriber: ears.transcriber, languageModel: languageModel, synthesizer: synthesizer)
        report("warming up")
        try await warm(engine)
        return engine
    }

    /// Nil where it was not fetched.
    private static func noiseReducer(_ directory: ModelDirectory, _ report: (String) -> Void) throws -> RNNoise? {
        guard directory.isPresent(.rnnoise) else {
            report("no noise reduction, since \(ModelAsset.rnnoise.name) is not fetched")
            return nil
        }
        try directory.verify(.rnnoise)
        return try RNNoise(path: directory.path(.rnnoise, "librnnoise.so"))
    }

    private static func voiceFiles(_ directory: ModelDirectory) -> HibariModel.Files {
        HibariModel.Files(
            model: directory.path(.hibari, "hibari.onnx"), vocabulary: directory.path(.hibari, "vocab.json"),
            spellingModel: directory.path(.hibari, "oov.onnx"), spellingAlphabet: directory.path(.hibari, "oov.json"),
            lexicons: ["lexicon_us_gold.json", "lexicon_us_silver.json"].map { directory.path(.hibari, $0) })
    }

    private static func makeLanguageModel(
        _ directory: ModelDirectory, _ settings: Settings
    ) throws -> LlamaLanguageModel {
        let library = try LlamaLibrary(path: directory.path(.languageRuntime, "lib/libllama.so"))
        let path =
            try settings.languageModel
            ?? directory.derived("qwen2.5-coder-0.5b-instruct-q4_0.gguf", from: .qwenCoder) { output in
                try library.requantize(
                    directory.path(.qwenCoder, "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"), into: output)
            }
        let model = try LlamaModel(library: library, path: path)
        return try LlamaLanguageModel(
            model: model,
            settings: LlamaSettings(
                cacheTokens: max(contextTokens, settings.languageCacheTokens),
                conversationTokens: min(contextTokens, model.trainedContext),
                conversations: 8, concurrent: 4, waiting: 16, threads: Int32(clamping: settings.languageThreads)),
            niceness: Niceness.language)
    }

    /// First runs take up to a second, which nobody should wait for in a conversation.
    private static func warm(_ engine: Engine) async throws {
        let silence = [Int16](repeating: 0, count: voiceActivityWindow)
        _ = try await engine.voiceActivity.makeStream().probability(in: silence)
        _ = try await engine.turnDetector?.score(
            of: TurnEvidence(speech: silence, silenceMs: 0), transcript: { nil })
        _ = try await engine.transcriber.transcribe(
            [Int16](repeating: 0, count: 16_000), nil, onDelta: { _ in })
        try await engine.synthesizer.speak(
            SpeechRequest(clause: 0, text: "Ready.", voice: .named("marin"), speed: 1), onAudio: { _ in })
        _ = try await engine.languageModel.respond(
            to: ModelRequest(
                instructions: "", items: [], tools: [], toolChoice: .auto, parallelToolCalls: nil,
                reasoningEffort: nil, maxOutputTokens: .tokens(1), outputModality: .audio),
            onOutput: { _ in })
    }

    private static func checkMachine() throws(LocalEngineError) {
        #if arch(x86_64)
            let features = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            guard features.contains(" avx2") else {
                throw .machine("The embedded engine needs a processor with AVX2.")
            }
        #else
            throw .machine("The pinned runtimes of the embedded engine are for x86-64.")
        #endif
    }
}
