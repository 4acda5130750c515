import RealtimeProtocol

extension SessionMachine {
    mutating func attach(_ transport: TransportID, _ kind: TransportKind, _ offer: ResumeOffer?) {
        guard !transports.contains(transport) else { return }
        guard !transports.isFull else { return act(.close(transport, .overrun)) }
        transports.attach(transport, kind, grace: offer?.grace)
        act(.configureInput(inputSettings))
        preparation.isDue = true
        emit(.sessionCreated(session, resume: offer), to: .only(transport))
        if kind != .sideband, configuration.kind == .realtime {
            emit(.conversationCreated(settings.conversation), to: .only(transport))
        }
        importFirstTools()
    }

    /// A session lives as long as one of its clients is there, or may come back; a sideband is none.
    mutating func detach(
        _ transport: TransportID, _ departure: SessionInput.Departure, _ lastHeard: ContinuousClock.Instant?
    ) {
        let hadPeer = transports.hasPeer
        if transports.hold(placeOf: transport, departure, now: now) { return waitForClient(lastHeard) }
        guard transports.detach(transport) else { return }
        guard transports.hasPrincipal else { return end(departure == .overrun ? .overrun : .clientLeft) }
        if hadPeer, !transports.hasPeer { goOnWithoutPlayout() }
    }

    /// The last peer left another client behind: nobody tells any more what was played, and nothing waits for it.
    mutating func goOnWithoutPlayout() {
        output.playouts = []
        for var response in responses.all {
            tellTranscript(&response)
            advance(response)
        }
    }

    /// The one way a session ends: running responses are closed out, work is cancelled, transports are closed.
    mutating func end(_ reason: SessionEndReason) {
        dropSpeculation()
        let failure = Response.Failure(
            code: "session_ended", message: "The session ended before the response was done.")
        for response in responses.all { stop(response, .failed(failure)) }
        for playout in output.playouts { act(.discardAudio(playout.generation)) }
        if reason == .expired { emit(.error(.sessionExpired(settings.maxDuration ?? .zero))) }
        for item in transcriptions.items.sorted(by: { $0.rawValue < $1.rawValue }) { act(.cancelTranscription(item)) }
        for transport in transports.all { act(.close(transport, reason)) }
        act(.closed(reason))
        transports.removeAll()
        stage = .closed
    }

    var inputSettings: InputSettings {
        InputSettings(
            format: configuration.input.format, detectsVoice: configuration.input.turnDetection != nil,
            noiseReduction: configuration.input.noiseReduction)
    }
}
