/// How audio is coded in events: mono, PCM16 little endian at 24 kHz or G.711 at 8 kHz (RT-068).
package enum AudioFormat: String, CaseIterable, Sendable {
    case pcm = "audio/pcm"
    case pcmu = "audio/pcmu"
    case pcma = "audio/pcma"

    /// Samples per second.
    package var sampleRate: Int { self == .pcm ? 24_000 : 8_000 }
    package var bytesPerSample: Int { self == .pcm ? 2 : 1 }
}

/// `session.audio.input`.
package struct AudioInputConfiguration: Equatable, Sendable {
    package var format: AudioFormat = .pcm
    /// Nil: transcripts are not told to the client.
    package var transcription: TranscriptionConfiguration?
    package var noiseReduction: NoiseReduction?
    /// Nil: the client commits by hand.
    package var turnDetection: TurnDetection?

    package init(kind: SessionConfiguration.Kind) {
        turnDetection = .server(ServerVAD(kind: kind))
    }
}

/// `session.audio.output`.
package struct AudioOutputConfiguration: Equatable, Sendable {
    package var format: AudioFormat = .pcm
    /// A name, or the id of a custom voice.
    package var voice: Voice = .named("marin")
    /// 0.25 to 1.5 (RT-067).
    package var speed: Double = 1

    package init() {}
}

/// `audio.output.voice`: a name, or `{"id": …}` (RT-065).
package enum Voice: Hashable, Sendable {
    case named(String)
    case custom(id: String)
}

/// `audio.input.noise_reduction`.
package struct NoiseReduction: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case nearField = "near_field"
        case farField = "far_field"
    }

    package var kind: Kind
    package var strength: Double = 1

    package init(kind: Kind, strength: Double = 1) {
        self.kind = kind
        self.strength = strength
    }
}

/// `audio.input.transcription` (RT-167); every model name means the engine's own recogniser.
package struct TranscriptionConfiguration: Equatable, Sendable {
    package var model: String?
    package var language: String?
    package var languages: [String]?
    package var prompt: String?
    package var keywords: [String]?
    package var delay: String?

    package init(
        model: String? = nil, language: String? = nil, languages: [String]? = nil, prompt: String? = nil,
        keywords: [String]? = nil, delay: String? = nil
    ) {
        self.model = model
        self.language = language
        self.languages = languages
        self.prompt = prompt
        self.keywords = keywords
        self.delay = delay
    }
}

/// `audio.input.turn_detection`.
package enum TurnDetection: Equatable, Sendable {
    case server(ServerVAD)
    case semantic(SemanticVAD)

    /// Whether the end of a turn starts a response.
    package var createsResponse: Bool {
        switch self {
        case .server(let vad): vad.createResponse
        case .semantic(let vad): vad.createResponse
        }
    }

    /// Whether speech cancels the response that is running.
    package var interruptsResponse: Bool {
        switch self {
        case .server(let vad): vad.interruptResponse
        case .semantic(let vad): vad.interruptResponse
        }
    }
}

/// `server_vad`: turns end by silence.
package struct ServerVAD: Equatable, Sendable {
    /// Longest padding or silence that can be asked for: a minute.
    package static let maxMs = 60_000

    /// 0 to 1.
    package var threshold: Double = 0.5
    package var prefixPaddingMs: Int = 300
    package var silenceDurationMs: Int
    package var createResponse = true
    package var interruptResponse = true
    /// 5000 to 30000; nil is off.
    package var idleTimeoutMs: Int?

    package init(silenceDurationMs: Int = 500) {
        self.silenceDurationMs = silenceDurationMs
    }

    /// As a session of that kind starts with.
    package init(kind: SessionConfiguration.Kind) {
        self.init(silenceDurationMs: kind == .realtime ? 500 : 200)
    }
}

/// `semantic_vad`: turns end when the speaker seems to have finished.
package struct SemanticVAD: Equatable, Sendable {
    package enum Eagerness: String, CaseIterable, Sendable {
        case low, medium, high, auto
    }

    package var eagerness: Eagerness = .auto
    package var createResponse = true
    package var interruptResponse = true

    package init(eagerness: Eagerness = .auto) {
        self.eagerness = eagerness
    }
}
