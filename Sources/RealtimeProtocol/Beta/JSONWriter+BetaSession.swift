/// Session objects of the beta dialect, flat. `temperature` is left out: it has no effect here.
extension JSONWriter {
    mutating func betaMembers(of session: Session) {
        let configuration = session.configuration
        member("object", "realtime.session")
        member("id", session.id.rawValue)
        member("model", configuration.model)
        member("expires_at", session.expiresAt)
        member("modalities", configuration.outputModality.betaNames)
        member("voice", configuration.output.voice.wireName)
        member("speed", configuration.output.speed)
        betaInput(configuration.input, .realtime)
        member("output_audio_format", configuration.output.format.betaName)
        modelMembers(of: configuration)
        maxOutputTokens("max_response_output_tokens", configuration.maxOutputTokens)
        include(configuration.include)
    }

    mutating func betaTranscriptionMembers(of session: Session) {
        member("object", "realtime.transcription_session")
        member("id", session.id.rawValue)
        member("expires_at", session.expiresAt)
        betaInput(session.configuration.input, .transcription)
        include(session.configuration.include)
    }

    private mutating func betaInput(_ input: AudioInputConfiguration, _ kind: SessionConfiguration.Kind) {
        member("input_audio_format", input.format.betaName)
        transcription("input_audio_transcription", input.transcription)
        noiseReduction("input_audio_noise_reduction", input.noiseReduction)
        turnDetection("turn_detection", input.turnDetection, kind, .beta)
    }
}

extension OutputModality {
    var betaNames: [String] { self == .audio ? ["audio", "text"] : ["text"] }
}
