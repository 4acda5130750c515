import RealtimeProtocol

extension SessionMachine {
    /// One event of a client; what is wrong with it is told to that client, and the session goes on.
    mutating func client(_ event: ClientEvent, from transport: TransportID) {
        guard transports.contains(transport) else { return }
        do {
            try perform(event.payload, from: transport)
        } catch {
            var error = error
            error.eventID = event.eventID
            emit(.error(error), to: .only(transport))
        }
    }

    private mutating func perform(
        _ payload: ClientEvent.Payload, from transport: TransportID
    ) throws(ProtocolError) {
        switch payload {
        case .sessionUpdate(let update): try updateSession(update)
        case .inputAudioBufferAppend: break  // Its samples are in the ring already, and told by `audio`.
        case .inputAudioBufferCommit: try commitInput()
        case .inputAudioBufferClear: clearInput()
        case .conversationItemCreate(let item, let placement): try createItem(item, placement)
        case .conversationItemRetrieve(let item): try retrieve(item, for: transport)
        case .conversationItemTruncate(let item, let index, let endMs):
            try truncate(item, contentIndex: index, audioEndMs: endMs)
        case .conversationItemDelete(let item): try delete(item)
        case .responseCreate(let parameters): try createResponse(parameters)
        case .responseCancel(let response): try cancelResponse(response)
        case .outputAudioBufferClear: try clearOutput()
        }
    }

    /// Atomic: an update that is refused has changed nothing (RT-057).
    private mutating func updateSession(_ update: JSONObject) throws(ProtocolError) {
        let updated = try configuration.merging(update)
        guard updated.output.voice == configuration.output.voice || !output.hasAudio else {
            throw .voiceLocked
        }
        guard updated.output.speed == configuration.output.speed || responses.active == nil else {
            throw .speedLocked
        }
        let servers = try resolve(updated.servers, path: "session.tools")
        let settingsBefore = inputSettings
        let detectionBefore = configuration.input.turnDetection
        configuration = updated
        preparation.isDue = true
        if updated.input.turnDetection != detectionBefore {
            listening.turns.reconfigure(updated.input.turnDetection, scoresTurns: settings.engine.scoresTurns)
            if updated.input.idleTimeout == nil { listening.idle.stop() }
        }
        if inputSettings != settingsBefore { act(.configureInput(inputSettings)) }
        emit(.sessionUpdated(session))
        for server in servers { define(server) }
    }

    private mutating func cancelResponse(_ id: ResponseID?) throws(ProtocolError) {
        output.clientFellSilent()
        guard let id else {
            guard let active = responses.active else { throw .nothingToCancel(nil) }
            return stop(active, .cancelled(.clientCancelled))
        }
        guard let response = responses.all.first(where: { $0.id == id }) else { throw .nothingToCancel(id) }
        stop(response, .cancelled(.clientCancelled))
    }
}

extension AudioInputConfiguration {
    /// `idle_timeout_ms`, of `server_vad` alone.
    var idleTimeout: Duration? {
        guard case .server(let vad)? = turnDetection else { return nil }
        return vad.idleTimeoutMs.map { .milliseconds($0) }
    }
}
