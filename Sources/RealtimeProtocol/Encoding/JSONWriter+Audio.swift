extension JSONWriter {
    mutating func input(_ input: AudioInputConfiguration, _ kind: SessionConfiguration.Kind) {
        format("format", input.format)
        transcription("transcription", input.transcription)
        noiseReduction("noise_reduction", input.noiseReduction)
        turnDetection("turn_detection", input.turnDetection, kind, .current)
    }

    /// PCM with its rate, which strict clients compare; G.711 has none (RT-068).
    mutating func format(_ name: StaticString, _ format: AudioFormat) {
        object(name) {
            $0.member("type", format.rawValue)
            if format == .pcm { $0.member("rate", format.sampleRate) }
        }
    }

    mutating func transcription(_ name: StaticString, _ transcription: TranscriptionConfiguration?) {
        guard let transcription else { return member(name, .null) }
        object(name) {
            $0.member("model", ifAny: transcription.model)
            $0.member("language", orNull: transcription.language)
            $0.member("languages", ifAny: transcription.languages)
            $0.member("prompt", orNull: transcription.prompt)
            $0.member("keywords", ifAny: transcription.keywords)
            $0.member("delay", ifAny: transcription.delay)
        }
    }

    mutating func noiseReduction(_ name: StaticString, _ reduction: NoiseReduction?) {
        guard let reduction else { return member(name, .null) }
        object(name) {
            $0.member("type", reduction.kind.rawValue)
            $0.member("strength", reduction.strength)
        }
    }

    /// A transcription session has no responses to create or interrupt; beta knows no idle timeout.
    mutating func turnDetection(
        _ name: StaticString, _ detection: TurnDetection?, _ kind: SessionConfiguration.Kind, _ dialect: Dialect
    ) {
        guard let detection else { return member(name, .null) }
        object(name) {
            switch detection {
            case .server(let vad):
                $0.member("type", "server_vad")
                $0.member("threshold", vad.threshold)
                $0.member("prefix_padding_ms", vad.prefixPaddingMs)
                $0.member("silence_duration_ms", vad.silenceDurationMs)
                if kind == .realtime, dialect == .current {
                    $0.member("idle_timeout_ms", orNull: vad.idleTimeoutMs)
                }
            case .semantic(let vad):
                $0.member("type", "semantic_vad")
                $0.member("eagerness", vad.eagerness.rawValue)
            }
            guard kind == .realtime else { return }
            $0.member("create_response", detection.createsResponse)
            $0.member("interrupt_response", detection.interruptsResponse)
        }
    }
}

extension Voice {
    /// Always a string: clients drop responses, or end, when the voice is an object (REALTIME_API section 11.1).
    var wireName: String {
        switch self {
        case .named(let name): name
        case .custom(let id): id
        }
    }
}
