package import SessionEngine

/// Servers that take stages of an engine over.
package struct RemoteServers: Sendable {
    package var language: RemoteEndpoint?
    package var recogniser: RemoteEndpoint?
    package var voice: RemoteEndpoint?
    /// The server's name of the voice for every voice of a session; nil passes the session's on.
    package var speaker: String?
    /// Of the language model at the server.
    package var contextTokens = 8192
    package var acceptsImages = false

    package init() {}

    /// The engine under a name of its own, with the stages that have a server replaced.
    package func engine(named name: String, over base: Engine) -> Engine {
        var engine = base
        engine.name = name
        if let language {
            engine.languageModel = RemoteLanguageModel(language)
            engine.limits.contextTokens = contextTokens
            engine.limits.maxOutputTokens = contextTokens / 2
            engine.limits.acceptsImages = acceptsImages
            // What is only tried out would be paid for like the rest.
            engine.limits.prepares = false
            engine.limits.speculates = false
        }
        if let recogniser {
            engine.transcriber = RemoteTranscriber(recogniser)
            // The same; and nothing is begun ahead without the words.
            engine.limits.recognisesEarly = false
            engine.limits.speculates = false
        }
        if let voice { engine.synthesizer = RemoteSynthesizer(voice, speaker: speaker) }
        return engine
    }

    /// With a model for each server that was named without one.
    ///
    /// - Throws: where such a server does not say what it has.
    package func resolved() async throws(EngineFailure) -> RemoteServers {
        var resolved = self
        resolved.language = try await language?.resolved()
        resolved.recogniser = try await recogniser?.resolved()
        resolved.voice = try await voice?.resolved()
        return resolved
    }

    /// Whether every stage that needs a model has a server.
    package var isWhole: Bool { language != nil && recogniser != nil && voice != nil }
}
