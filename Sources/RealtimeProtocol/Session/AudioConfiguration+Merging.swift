extension AudioInputConfiguration {
    mutating func merge(_ fields: JSONFields, kind: SessionConfiguration.Kind) throws(ProtocolError) {
        format = try fields.audioFormat("format", current: format) ?? format
        if fields.has("transcription") {
            transcription = try transcription.merged(try fields.fields("transcription"))
        }
        if fields.has("noise_reduction") {
            noiseReduction = try noiseReduction.merged(try fields.fields("noise_reduction"))
        }
        if fields.has("turn_detection") {
            turnDetection = try turnDetection.merged(try fields.fields("turn_detection"), kind: kind)
        }
    }
}

extension AudioOutputConfiguration {
    mutating func merge(_ fields: JSONFields) throws(ProtocolError) {
        format = try fields.audioFormat("format", current: format) ?? format
        voice = try fields.voice("voice") ?? voice
        speed = try fields.number("speed", in: 0.25...1.5) ?? speed
    }
}

extension TranscriptionConfiguration? {
    private enum Delay: String, CaseIterable {
        case minimal, low, medium, high, xhigh
    }

    fileprivate func merged(_ fields: JSONFields?) throws(ProtocolError) -> Self {
        guard let fields else { return nil }
        var merged = self ?? TranscriptionConfiguration()
        if fields.has("model") { merged.model = try fields.string("model") }
        if fields.has("language") { merged.language = try fields.string("language") }
        if fields.has("languages") { merged.languages = try fields.strings("languages") }
        if fields.has("prompt") { merged.prompt = try fields.string("prompt") }
        if fields.has("keywords") { merged.keywords = try fields.strings("keywords") }
        if fields.has("delay") { merged.delay = try fields.choice("delay", Delay.self)?.rawValue }
        return merged
    }
}

extension NoiseReduction? {
    fileprivate func merged(_ fields: JSONFields?) throws(ProtocolError) -> Self {
        guard let fields else { return nil }
        guard let kind = try fields.choice("type", NoiseReduction.Kind.self) ?? self?.kind else {
            throw .missing(fields.path(of: "type"))
        }
        let strength = try fields.number("strength", in: 0...1)
        return NoiseReduction(kind: kind, strength: strength ?? self?.strength ?? 1)
    }
}

extension TurnDetection? {
    private enum Kind: String, CaseIterable {
        case server = "server_vad"
        case semantic = "semantic_vad"
    }

    /// Without a `type` it is about the kind that is on, or server VAD. Fields of the other kind have no effect.
    fileprivate func merged(
        _ fields: JSONFields?, kind session: SessionConfiguration.Kind
    ) throws(ProtocolError) -> Self {
        guard let fields else { return nil }
        var kind = Kind.server
        if case .semantic = self { kind = .semantic }
        kind = try fields.choice("type", Kind.self) ?? kind
        var (creates, interrupts) = (self?.createsResponse ?? true, self?.interruptsResponse ?? true)
        if session == .realtime {
            creates = try fields.bool("create_response") ?? creates
            interrupts = try fields.bool("interrupt_response") ?? interrupts
        }
        switch kind {
        case .server:
            var vad = ServerVAD(kind: session)
            if case .server(let current) = self { vad = current }
            try vad.merge(fields, kind: session)
            vad.createResponse = creates
            vad.interruptResponse = interrupts
            return .server(vad)
        case .semantic:
            var vad = SemanticVAD()
            if case .semantic(let current) = self { vad = current }
            vad.eagerness = try fields.choice("eagerness") ?? vad.eagerness
            vad.createResponse = creates
            vad.interruptResponse = interrupts
            return .semantic(vad)
        }
    }
}

extension ServerVAD {
    fileprivate mutating func merge(_ fields: JSONFields, kind: SessionConfiguration.Kind) throws(ProtocolError) {
        threshold = try fields.number("threshold", in: 0...1) ?? threshold
        prefixPaddingMs = try fields.integer("prefix_padding_ms", in: 0...Self.maxMs) ?? prefixPaddingMs
        silenceDurationMs = try fields.integer("silence_duration_ms", in: 0...Self.maxMs) ?? silenceDurationMs
        guard kind == .realtime, fields.has("idle_timeout_ms") else { return }
        idleTimeoutMs = try fields.integer("idle_timeout_ms", in: 5_000...30_000)
    }
}
