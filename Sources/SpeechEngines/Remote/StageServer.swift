import SessionEngine

/// One of the servers that do a stage's work, in the order in which they are asked.
package struct StageServer: Sendable {
    /// Nil: the embedded engine does it.
    package var endpoint: RemoteEndpoint?
    package var limits = ServerLimits()
    /// That it has with other lines; nil: its own.
    var places: ServerPlaces?
    /// Window of a language model.
    package var contextTokens = 8192
    /// Whether a language model sees images.
    package var acceptsImages = false
    /// Whether a language model hears: it gets the user's sound in the place of its words.
    package var hears = false
    /// Whether a recogniser is asked for a stream.
    package var streams = true
    /// The server's name of the voice for every voice of a session; nil passes the session's on.
    package var speaker: String?
    /// What a voice is asked for.
    package var format = VoiceFormat.pcm
    /// Samples per second of a voice's raw PCM whose type does not say it.
    package var rawHertz = VoiceFormat.rawHertz

    package init(_ endpoint: RemoteEndpoint?) { self.endpoint = endpoint }

    /// With a model where its server was named without one.
    ///
    /// - Throws: where the server does not say what it has.
    func resolved() async throws(EngineFailure) -> StageServer {
        var resolved = self
        resolved.endpoint = try await endpoint?.resolved()
        return resolved
    }
}
