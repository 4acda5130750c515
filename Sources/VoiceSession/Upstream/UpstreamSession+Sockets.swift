import CoreMetrics
import RealtimeProtocol
import SessionEngine

extension UpstreamSession {
    /// Longer messages are read off the actor.
    private static let longMessageBytes = PipelineSession.longMessageBytes
    /// Of what a client sent, so much may wait for the upstream before its next event is read.
    private static let maxWaitingBytes = 1 << 20

    // MARK: Clients

    func startReading(_ transport: any SessionTransport, _ id: TransportID) {
        children.start(.events(id), on: transport.executor) { [self] ticket in await read(transport, id, ticket) }
        guard let media = transport.media else { return }
        startMedia(media, id)
        startSpeech(media, id)
    }

    /// Reads what a client does; one event is handled before the next is read. Cancelled, it says nothing more: the client of a
    /// session that ends has not left, and is told so by `end`.
    private func read(_ transport: any SessionTransport, _ id: TransportID, _ ticket: ChildTicket) async {
        while let input = await transport.nextInput(), !Task.isCancelled {
            switch input {
            case .opened(let channel): transports[id]?.open(channel)
            case .message(let message):
                metrics.eventsIn.increment()
                let fact = await Self.onPool(message.byteCount) { Self.fact(message, from: id) }
                report(fact, ticket)
                await socket?.drained(to: Self.maxWaitingBytes)
            case .departed(let departure): departed(id, departure)
            }
        }
        if !Task.isCancelled { departed(id, .lost) }
    }

    private nonisolated static func fact(_ message: TransportMessage, from id: TransportID) -> UpstreamInput {
        guard case .text(let bytes) = message.payload else {
            return .rejected(
                ProtocolError(code: "invalid_event", "Events are text messages, not binary ones."), from: id)
        }
        do throws(ProtocolError) {
            return .client(try RelayedEvent(parsing: bytes), from: id)
        } catch {
            return .rejected(error, from: id)
        }
    }

    /// Off the session's actor where there are many bytes to read.
    private nonisolated static func onPool<Result: Sendable>(
        _ bytes: Int, _ work: @Sendable () -> Result
    ) async -> Result {
        guard bytes > longMessageBytes else { return work() }
        return await withTaskExecutorPreference(globalConcurrentExecutor) { work() }
    }

    /// A transport is gone; the first word of that counts.
    private func departed(_ id: TransportID, _ departure: SessionInput.Departure) {
        guard let attached = transports.removeValue(forKey: id) else { return }
        attached.attachment?.resume()
        for key: ChildKey in [.events(id), .audio(id), .silence(id), .playout(id), .speech(id)] {
            children.cancel(key)
        }
        wakeSpeech()
        handle(.detached(id, departure))
    }

    // MARK: The upstream

    func connect(_ endpoint: UpstreamEndpoint) {
        let (connector, isTranscription) = (connector, isTranscription)
        children.start(.upstream) { [self] ticket in
            do throws(EngineFailure) {
                let socket = try await connector.connect(to: endpoint, isTranscription: isTranscription)
                await converse(socket, ticket)
            } catch {
                await finish(ticket, .notConnected(error))
            }
        }
    }

    func disconnect() {
        socket?.close()
        socket = nil
        children.cancel(.upstream)
    }

    private func converse(_ socket: any UpstreamSocket, _ ticket: ChildTicket) async {
        guard children.isCurrent(ticket) else { return socket.close() }
        self.socket = socket
        report(.connected, ticket)
        while children.isCurrent(ticket), let input = await socket.nextInput() {
            guard case .message(let message) = input, case .text(let bytes) = message.payload else { continue }
            await receive(bytes, ticket)
        }
        socket.close()
        guard children.isCurrent(ticket) else { return }
        self.socket = nil
        finish(ticket, .disconnected)
    }

    private func receive(_ bytes: [UInt8], _ ticket: ChildTicket) async {
        metrics.upstreamEventsIn.increment()
        let decodes = transports.hasPeer
        let (event, samples) = await Self.onPool(bytes.count) { Self.upstreamEvent(bytes, decodes: decodes) }
        guard let event, children.isCurrent(ticket) else {
            if event == nil { metrics.upstreamJunk.increment() }
            return
        }
        let sound = samples.map { UpstreamSound(block: speech.keep($0), samples: $0.count) }
        handle(.upstream(event, sound: sound))
        guard let (id, slow) = transports.first(where: { $0.value.mayHaveWaitingAudio }) else { return }
        await slow.transport.drained(to: AttachedTransport.maxWaitingAudioBytes)
        transports[id]?.audioHasDrained()
    }

    /// Nil for what is no event.
    private nonisolated static func upstreamEvent(
        _ bytes: [UInt8], decodes: Bool
    ) -> (RelayedEvent?, samples: [Int16]?) {
        guard let event = try? RelayedEvent(parsing: bytes) else { return (nil, nil) }
        guard decodes, event.type == "response.output_audio.delta", let delta = event.text("delta"),
            let audio = Base64.decode(delta.utf8)
        else { return (event, nil) }
        return (event, try? AppendedAudioDecoder().decode(audio[...], .pcm))
    }
}
