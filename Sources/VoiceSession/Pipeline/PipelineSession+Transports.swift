import CoreMetrics
import RealtimeProtocol
import SessionEngine

extension PipelineSession {
    /// A longer message is decoded off the actor and on the pool.
    static let longMessageBytes = 64 << 10

    func startReading(_ transport: any SessionTransport, _ id: TransportID) {
        children.start(.events(id), on: transport.executor) { [self] ticket in await read(transport, id, ticket) }
        guard let media = transport.media else { return }
        startMedia(media, id)
    }

    /// Reads what a client does; one event is handled before the next is read. Cancelled, it says nothing more: the client of a
    /// session that ends has not left, and is told so by `end`.
    private func read(_ transport: any SessionTransport, _ id: TransportID, _ ticket: ChildTicket) async {
        let decoder = EventDecoder(dialect: transport.profile.dialect)
        while let input = await transport.nextInput(), !Task.isCancelled {
            switch input {
            case .opened(let channel): transports[id]?.open(channel)
            case .message(let message) where message.byteCount > Self.longMessageBytes:
                let fact = await withTaskExecutorPreference(globalConcurrentExecutor) {
                    Self.decode(message, decoder, from: id)
                }
                // What comes of it is as long, and is written to the client on the spot.
                await withTaskExecutorPreference(globalConcurrentExecutor) { await receive(fact, ticket) }
            case .message(let message): await receive(Self.decode(message, decoder, from: id), ticket)
            case .departed(.lost): departed(id, .lost, lastHeard: await transport.lastHeard)
            case .departed(let departure): departed(id, departure)
            }
        }
        if !Task.isCancelled { departed(id, .lost) }
    }

    private nonisolated static func decode(
        _ message: TransportMessage, _ decoder: EventDecoder, from id: TransportID
    ) -> SessionInput {
        guard case .text(let bytes) = message.payload else {
            return .rejected(
                ProtocolError(code: "invalid_event", "Events are text messages, not binary ones."), from: id)
        }
        do throws(ProtocolError) {
            return .client(try decoder.decode(bytes), from: id)
        } catch {
            return .rejected(error, from: id)
        }
    }

    private func receive(_ fact: SessionInput, _ ticket: ChildTicket) async {
        metrics.eventsIn.increment()
        if case .client(let event, _) = fact, case .inputAudioBufferAppend(let bytes) = event.payload {
            await append(bytes, ticket)
        } else {
            report(fact, ticket)
        }
    }

    /// A transport is gone; the first word of that counts.
    func departed(
        _ id: TransportID, _ departure: SessionInput.Departure, lastHeard: ContinuousClock.Instant? = nil
    ) {
        guard let attached = transports.removeValue(forKey: id) else { return }
        attached.attachment?.resume()
        if attached.kind != .sideband { stopSayingAgain() }
        children.cancel(.events(id))
        children.cancel(.audio(id))
        children.cancel(.silence(id))
        children.cancel(.playout(id))
        soundMoved()
        wakeVoices()
        let isUnopened = departure == .lost && !attached.isOpen
        handle(.detached(id, isUnopened ? .unopened : departure, lastHeard: lastHeard))
    }

    // MARK: Events out

    func emit(_ event: ServerEvent, to audience: SessionEffect.Audience) {
        if case .error = event { metrics.errors.increment() }
        if case .conversationItemAdded = event { itemsTold += 1 }
        trace?.note(event)
        let id = identifiers.next()
        keepForReplay(event, id, audience)
        for transport in transports.ids(audience) { transports[transport]?.send(event, id: id) }
    }

    var hasPeer: Bool { transports.hasPeer }

    /// The item with the audio that is kept of it, unless that alone is too much for the client.
    func withAudio(_ item: Item, for id: TransportID) -> Item {
        guard case .message(var message) = item.body, let limit = transports[id]?.transport.maxMessageBytes else {
            return item
        }
        message.content = message.content.enumerated().map { index, part in
            guard let audio = store[item.id, index], audio.byteCount / 3 * 4 < limit else { return part }
            return switch part {
            case .inputAudio(let transcript, _): .inputAudio(transcript: transcript, audio: audio.bytes)
            case .outputAudio(let transcript, _): .outputAudio(transcript: transcript, audio: audio.bytes)
            default: part
            }
        }
        var full = item
        full.body = .message(message)
        return full
    }
}
