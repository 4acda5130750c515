package import SessionEngine

/// Servers that take stages of an engine over, each stage's in the order they are asked; a stage without one stays as it is.
package struct RemoteServers: Sendable {
    package var language: [StageServer] = []
    package var recogniser: [StageServer] = []
    package var voice: [StageServer] = []

    package init() {}

    package var isEmpty: Bool { language.isEmpty && recogniser.isEmpty && voice.isEmpty }

    /// Whether nothing of the embedded engine's models is needed.
    package var isWhole: Bool {
        [language, recogniser, voice].allSatisfy { servers in
            !servers.isEmpty && servers.allSatisfy { $0.endpoint != nil }
        }
    }

    /// Whether the embedded language model is one of its servers.
    package var wantsEmbeddedLanguageModel: Bool { language.contains { $0.endpoint == nil } }

    /// With a model for each server that was named without one.
    ///
    /// - Throws: where such a server does not say what it has.
    package func resolved() async throws(EngineFailure) -> RemoteServers {
        var resolved = self
        for index in language.indices { resolved.language[index] = try await language[index].resolved() }
        for index in recogniser.indices { resolved.recogniser[index] = try await recogniser[index].resolved() }
        for index in voice.indices { resolved.voice[index] = try await voice[index].resolved() }
        return resolved
    }

    /// The engine under a name of its own, with the stages that have servers replaced.
    ///
    /// - Parameters:
    ///   - base: gives the stages that have none.
    ///   - embedded: gives the stages of servers that are the embedded engine.
    package func engine(named name: String, over base: Engine, embedded: Engine) -> Engine {
        var engine = base
        engine.name = name
        if let model = languageModel(named: name, embedded: embedded.languageModel) {
            engine.languageModel = model
            limit(&engine.limits, embedded.limits)
        }
        if !recogniser.isEmpty {
            engine.transcriber = transcriber(named: name, embedded: embedded.transcriber)
            // What is only tried out would be paid for like the rest; and nothing is begun ahead without the words.
            engine.limits.recognisesEarly =
                recogniser.allSatisfy { $0.endpoint == nil } && embedded.limits.recognisesEarly
            engine.limits.speculates = engine.limits.speculates && engine.limits.recognisesEarly
        }
        if !voice.isEmpty { engine.synthesizer = synthesizer(named: name, embedded: embedded.synthesizer) }
        return engine
    }

    /// Nil where no server thinks, or only an embedded model that there is not.
    package func languageModel(named name: String, embedded: (any LanguageModel)?) -> (any LanguageModel)? {
        let models: [MixedServer<any LanguageModel>] = language.compactMap { server in
            guard let endpoint = server.endpoint else { return embedded.map { MixedServer($0, server.limits) } }
            let model = RemoteLanguageModel(endpoint, hears: server.hears)
            return MixedServer(model, server.limits, places: server.places, connect: endpoint.connect)
        }
        return models.isEmpty ? nil : MixedLanguageModel(engine: name, models)
    }

    private func transcriber(named name: String, embedded: any Transcriber) -> any Transcriber {
        MixedTranscriber(
            engine: name,
            recogniser.map { server in
                guard let endpoint = server.endpoint else { return MixedServer(embedded, server.limits) }
                let transcriber = RemoteTranscriber(endpoint, streams: server.streams)
                return MixedServer(transcriber, server.limits, places: server.places, connect: endpoint.connect)
            })
    }

    private func synthesizer(named name: String, embedded: any Synthesizer) -> any Synthesizer {
        MixedSynthesizer(
            engine: name,
            voice.map { server in
                guard let endpoint = server.endpoint else { return MixedServer(embedded, server.limits) }
                let synthesizer = RemoteSynthesizer(
                    endpoint, speaker: server.speaker, format: server.format, rawHertz: server.rawHertz)
                return MixedServer(synthesizer, server.limits, places: server.places, connect: endpoint.connect)
            })
    }

    /// A request must suit every language model that may get it.
    private func limit(_ limits: inout EngineLimits, _ embedded: EngineLimits) {
        let isRemote = language.contains { $0.endpoint != nil }
        limits.contextTokens =
            language.map { $0.endpoint == nil ? embedded.contextTokens : $0.contextTokens }.min()
            ?? limits.contextTokens
        limits.maxOutputTokens = limits.contextTokens / 2
        limits.acceptsImages = language.allSatisfy { $0.endpoint == nil ? embedded.acceptsImages : $0.acceptsImages }
        // What is only tried out would be paid for like the rest.
        limits.prepares = language.first?.endpoint == nil && embedded.prepares
        limits.speculates = !isRemote && embedded.speculates
    }
}
