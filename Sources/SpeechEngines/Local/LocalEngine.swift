import Foundation
package import ModelLibrary
import RealtimeProtocol
import SessionEngine

/// The engine that runs in this process: Silero, smart-turn, Moonshine, llama.cpp and hibari, one lane of inference for each kind.
package enum LocalEngine {
    package static let name = "parley-embedded"

    /// What may be configured of it.
    package struct Settings: Sendable {
        package var profile: ModelProfile
        /// Directory with another recogniser for sherpa-onnx than the profile's.
        package var recogniser: String?
        /// Directory with another voice for sherpa-onnx than the profile's.
        package var voice: String?
        /// GGUF file instead of the profile's.
        package var languageModel: String?
        /// Who thinks instead of any language model here; nil: one of the models.
        package var thinker: (any LanguageModel)?
        /// Whether a language model is loaded.
        package var thinks: Bool { thinker == nil }
        package var languageThreads: Int
        /// Tokens in the language model's key-value cache, of all conversations together; at least `contextTokens`.
        package var languageCacheTokens: Int
        /// At once; more are refused.
        package var conversations: Int

        package init(
            profile: ModelProfile = .auto, recogniser: String? = nil, voice: String? = nil,
            languageModel: String? = nil, languageThreads: Int = 1, languageCacheTokens: Int = 8192,
            conversations: Int = 4
        ) {
            self.profile = profile
            self.recogniser = recogniser
            self.voice = voice
            self.languageModel = languageModel
            self.languageThreads = languageThreads
            self.languageCacheTokens = languageCacheTokens
            self.conversations = conversations
        }

        /// Whether recogniser or voice are the user's own: the profiles' are English.
        package var hasOwnSpeech: Bool { recogniser != nil || voice != nil }

        /// The models it cannot do without.
        package var assets: [ModelAsset] { assets(of: profile) }

        /// What it lacks; nothing where `auto` finds the quality models alone.
        package func missing(in directory: ModelDirectory) -> [ModelAsset] {
            guard profile != .auto || !isPresent(.quality, in: directory) else { return [] }
            return assets.filter { !directory.isPresent($0) }
        }

        func isPresent(_ profile: ModelProfile, in directory: ModelDirectory) -> Bool {
            assets(of: profile).allSatisfy(directory.isPresent)
        }

        /// What is worth fetching for it.
        package var wanted: [ModelAsset] { assets + [.rnnoise] }

        /// Without what is replaced; hibari stays, since its dictionaries serve other voices.
        func assets(of profile: ModelProfile) -> [ModelAsset] {
            profile.assets.filter { asset in
                asset != .rnnoise && (languageModel == nil && thinks || asset != profile.languageModel)
                    && (thinks || asset != .languageRuntime)
                    && (recogniser == nil || asset != profile.recogniser) && (voice == nil || asset != .kokoro)
            }
        }
    }

    /// Recogniser and voice yield to the media threads, the language model to those, too.
    private enum Niceness {
        static let speech: Int32 = 5
        static let language: Int32 = 10
    }

    private static let contextTokens = 4096

    /// Checks every model against its hash, loads it and runs it once, on a thread of its own. Cancellation ends it
    /// after the step it is at.
    ///
    /// - Parameter report: gets a line per step, for the person who waits.
    package static func load(
        from directory: ModelDirectory, _ settings: Settings, report: @Sendable (String) -> Void
    ) async throws -> Engine {
        let loading = LaneExecutor(lane: InferenceLane(name: "model loading", niceness: 0, capacity: 1))
        return try await withTaskExecutorPreference(loading) {
            try await loadHere(from: directory, settings) { step in
                try Task.checkCancellation()
                report(step)
            }
        }
    }

    private static func loadHere(
        from directory: ModelDirectory, _ settings: Settings, begin: (String) throws -> Void
    ) async throws -> Engine {
        try checkMachine()
        let wanted = candidate(settings, directory)
        try check(wanted, settings, directory, begin)
        let runtime = try ONNXRuntime(path: directory.path(.speechRuntime, "libonnxruntime.so"))
        let lane = InferenceLane(name: "recogniser and voice", niceness: Niceness.speech, capacity: 16)
        let source = LocalSpeech.Source(directory: directory, runtime: runtime, lane: lane, settings: settings)
        let (profile, speech) = try await choose(wanted, source, begin)
        let ears = try LocalEars(runtime: runtime, directory: directory, transcriber: speech.transcriber)
        let noiseReducer = try noiseReducer(directory, begin)
        let languageModel = try languageModel(directory, settings, profile, begin)
        let engine = Engine(
            name: name,
            limits: EngineLimits(
                contextTokens: contextTokens, maxOutputTokens: contextTokens / 2, acceptsImages: false,
                scoresTurns: true, prepares: true, recognisesEarly: true, speculates: true),
            voiceActivity: ears.voiceActivity, turnDetector: ears.turnDetector, noiseReducer: noiseReducer,
            transcriber: ears.transcriber, languageModel: languageModel, synthesizer: speech.synthesizer,
            conversations: settings.conversations)
        try begin("warming up")
        try await warm(engine, thinks: settings.thinks)
        return engine
    }

    /// Nil where it was not fetched.
    private static func noiseReducer(_ directory: ModelDirectory, _ begin: (String) throws -> Void) throws -> RNNoise? {
        guard directory.isPresent(.rnnoise) else {
            try begin("no noise reduction, since \(ModelAsset.rnnoise.name) is not fetched")
            return nil
        }
        try directory.verify(.rnnoise)
        return try RNNoise(path: directory.path(.rnnoise, "librnnoise.so"))
    }

    private static func languageModel(
        _ directory: ModelDirectory, _ settings: Settings, _ profile: ModelProfile, _ begin: (String) throws -> Void
    ) throws -> any LanguageModel {
        if let thinker = settings.thinker { return thinker }
        try begin("loading the language model")
        return try makeLanguageModel(directory, settings, profile, begin)
    }

    /// What is loaded first: for `auto` the quality models where they were fetched.
    private static func candidate(_ settings: Settings, _ directory: ModelDirectory) -> ModelProfile {
        guard settings.profile == .auto else { return settings.profile }
        return settings.isPresent(.quality, in: directory) ? .quality : .standard
    }

    private static func check(
        _ profile: ModelProfile, _ settings: Settings, _ directory: ModelDirectory, _ begin: (String) throws -> Void
    ) throws {
        for asset in settings.assets(of: profile) {
            try begin("checking \(asset.name)")
            try directory.verify(asset)
        }
    }

    /// The candidate, or for `auto` the default models where this machine is too slow for the better ones.
    private static func choose(
        _ wanted: ModelProfile, _ source: LocalSpeech.Source, _ begin: (String) throws -> Void
    ) async throws -> (ModelProfile, LocalSpeech) {
        try begin("loading recogniser and voice of the profile \(wanted.rawValue)")
        let speech = try LocalSpeech(source, wanted)
        guard wanted == .quality else { return (wanted, speech) }
        let pace = try await speech.pace()
        let words =
            "the better voice takes \(pace.voice.hundredths) and the better recogniser "
            + "\(pace.recogniser.hundredths) of the time that their speech lasts"
        let isOnlyChoice =
            source.settings.profile == .quality || !source.settings.isPresent(.standard, in: source.directory)
        if pace.isConversational || isOnlyChoice {
            let warning = pace.isConversational ? "" : ": too slow for a conversation, but there is no other choice"
            try begin("profile quality: \(words)\(warning)")
            return (wanted, speech)
        }
        try begin("profile default: \(words), more than \(LocalSpeech.Pace.limit)")
        try check(.standard, source.settings, source.directory, begin)
        return (.standard, try LocalSpeech(source, .standard))
    }

    private static func makeLanguageModel(
        _ directory: ModelDirectory, _ settings: Settings, _ profile: ModelProfile,
        _ begin: (String) throws -> Void
    ) throws -> LlamaLanguageModel {
        let library = try LlamaLibrary(path: directory.path(.languageRuntime, "lib/libllama.so"))
        let path = try settings.languageModel ?? fetchedLanguageModel(directory, profile.languageModel, library)
        let model = try LlamaModel(library: library, path: path)
        let name = try GGUFHeader(path: path).name ?? (path as NSString).lastPathComponent
        try begin("answers come from \(name), with \(min(contextTokens, model.trainedContext)) tokens of conversation")
        return try LlamaLanguageModel(
            model: model,
            settings: LlamaSettings(
                cacheTokens: max(contextTokens, settings.languageCacheTokens),
                conversationTokens: min(contextTokens, model.trainedContext),
                conversations: 2 * max(4, settings.conversations), concurrent: max(4, settings.conversations),
                waiting: 16, threads: Int32(clamping: settings.languageThreads)),
            niceness: Niceness.language)
    }

    /// The fetched file, its weights written anew in four bits once where they are in a form that is read more slowly.
    private static func fetchedLanguageModel(
        _ directory: ModelDirectory, _ asset: ModelAsset, _ library: LlamaLibrary
    ) throws -> String {
        let slow = "q4_k_m.gguf"
        guard case .files(let files) = asset.contents, let file = files.first else {
            throw ModelError.missing(path: directory.folder(of: asset).path)
        }
        guard file.name.hasSuffix(slow) else { return directory.path(asset, file.name) }
        return try directory.derived(file.name.replacing(slow, with: "q4_0.gguf"), from: asset) { output in
            try library.requantize(directory.path(asset, file.name), into: output)
        }
    }

    /// The voice alone of what `load` would choose; `auto` means the default one here, since nothing is tried.
    ///
    /// - Throws: for a model that is missing or wrong.
    package static func loadVoice(from directory: ModelDirectory, _ settings: Settings) throws -> any Synthesizer {
        try checkMachine()
        let profile = settings.profile == .auto ? ModelProfile.standard : settings.profile
        let needed = [ModelAsset.speechRuntime] + (settings.voice == nil ? profile.voices : [.hibari])
        for asset in needed { try directory.verify(asset) }
        let runtime = try ONNXRuntime(path: directory.path(.speechRuntime, "libonnxruntime.so"))
        let lane = InferenceLane(name: "voice", niceness: Niceness.speech, capacity: 16)
        return try LocalSpeech.synthesizer(
            LocalSpeech.Source(directory: directory, runtime: runtime, lane: lane, settings: settings), profile)
    }

    /// First runs take up to a second, which nobody should wait for in a conversation.
    ///
    /// - Parameter thinks: whether the language model is one of ours; somebody's server is asked nothing it may charge for.
    private static func warm(_ engine: Engine, thinks: Bool) async throws {
        let silence = [Int16](repeating: 0, count: voiceActivityWindow)
        _ = try await engine.voiceActivity.makeStream().probability(in: silence)
        _ = try await engine.turnDetector?.score(
            of: TurnEvidence(speech: silence, silenceMs: 0, pauseMs: 0), transcript: { nil })
        _ = try await engine.transcriber.transcribe(
            [Int16](repeating: 0, count: 16_000), nil, onDelta: { _ in })
        try await engine.synthesizer.speak(
            SpeechRequest(clause: 0, text: "Ready.", voice: .named("marin"), speed: 1), onAudio: { _ in })
        guard thinks else { return }
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

extension Double {
    /// To two places, for a person.
    fileprivate var hundredths: Double { (self * 100).rounded() / 100 }
}
