import AudioPipeline
import Logging
package import RealtimeProtocol
import SessionEngine

/// A client that was lost and comes back (decision 21).
extension PipelineSession: ResumableDriver {
    package func run(_ transport: any SessionTransport, offering offer: ResumeOffer) async {
        await run(transport, offer: offer)
    }

    package func resume(
        _ transport: any SessionTransport, offering offer: ResumeOffer, after: String?
    ) async -> Bool {
        // Back before anybody knew that it was gone: what it came by before is lost now.
        while let (id, before) = transports.principal {
            departed(id, .lost, lastHeard: await before.transport.lastHeard)
            before.transport.close(.clientLeft)
        }
        guard endReason == nil, let log = replay else { return false }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                missed = log.missed(by: transport.kind, after: after)
                replay?.kind = transport.kind
                var offer = offer
                offer.replay = .init(events: missed.events.count, isComplete: missed.isComplete)
                if transport.media != nil { input.beginStream() }
                let attached = AttachedTransport(
                    transport, attachment: continuation, replayed: missed.events.count)
                join(attached) { .resumed($0, transport.kind, offer) }
            }
        } onCancel: {
            transport.close(.shutdown)
        }
        return true
    }

    package func hangUp() { handle(.end(.hangUp)) }

    // MARK: Events

    func hold() {
        replay?.clientWasLost()
        metrics.resumption("held")
        log.info("Session waits for its client")
    }

    /// Everything that a client in the place of this one would have to know.
    func keepForReplay(_ event: ServerEvent, _ id: String, _ audience: SessionEffect.Audience) {
        guard replay != nil else { return }
        let now = clock.now
        switch audience {
        case .everyone: replay?.keep(event, id: id, for: nil, now: now)
        case .allOf(let kind): replay?.keep(event, id: id, for: kind, now: now)
        case .only(let transport):
            if let kind = transports[transport]?.kind, kind != .sideband {
                replay?.keep(event, id: id, for: nil, now: now)
            }
        }
    }

    func sendMissed(to id: TransportID) {
        for (event, eventID) in missed.events { transports[id]?.send(event, id: eventID) }
        metrics.resumption("resumed")
        log.info(
            "Session resumed",
            metadata: [
                "transport": "\(transports[id].map { "\($0.kind)" } ?? "gone")", "events": "\(missed.events.count)",
                "complete": "\(missed.isComplete)",
            ])
        missed = ReplayLog.Missed()
    }

    // MARK: Speech

    /// On a peer it is queued before anything new is said; in events it goes at once, since it was made to be heard by now.
    func sayAgain(_ generation: ResponseGeneration, heard: Int, _ stretches: [SpokenStretch]) {
        guard hasPeer else {
            for stretch in stretches { sendAgain(stretch, of: generation) }
            return
        }
        let turn = floor.restart(generation, heard: heard)
        again.add(stretches.flatMap(samples), of: generation, turn)
        guard !again.isEmpty, !children.isRunning(.again) else { return }
        children.start(.again) { [self] ticket in
            while let wait = await playAgain(ticket) {
                let hasRoom = await wait.media.room(for: wait.samples, generation: wait.turn)
                // The peer has ended or this was discarded: what follows from that is told soon, or was already.
                if !hasRoom { await change(ticket) }
            }
        }
    }

    /// The client is gone again: it will be asked for anew.
    func stopSayingAgain() {
        children.cancel(.again)
        again.removeAll()
    }

    /// What is to be waited for; nil when all is played.
    private func playAgain(_ ticket: ChildTicket) -> (media: any SessionMedia, samples: Int, turn: Generation)? {
        while children.isCurrent(ticket), let block = again.next {
            for media in peers where !media.hasRoom(for: block.samples.count, generation: block.turn) {
                return (media, block.samples.count, block.turn)
            }
            floor.give(block.samples.count, to: block.turn)
            echo.queue(block.samples, block.turn)
            for media in peers { media.play(block.samples, generation: block.turn) }
            again.advance()
        }
        if children.isCurrent(ticket) {
            children.ended(ticket)
            wakeVoices()
        }
        return nil
    }

    private func samples(_ stretch: SpokenStretch) -> [Int16] {
        guard let audio = store[stretch.part.item.item, stretch.part.contentIndex],
            let samples = try? AppendedAudioDecoder().decode(audio.bytes[...], audio.format)
        else { return [] }
        return Array(samples.dropFirst(stretch.from))
    }

    /// A second to each event.
    private func sendAgain(_ stretch: SpokenStretch, of generation: ResponseGeneration) {
        guard let audio = store[stretch.part.item.item, stretch.part.contentIndex] else { return }
        let secondBytes = audio.format.sampleRate * audio.format.bytesPerSample
        let scale = AudioRing.samplesPerSecond / audio.format.sampleRate
        var rest = audio.bytes.dropFirst(stretch.from / scale * audio.format.bytesPerSample)
        while !rest.isEmpty {
            let bytes = Array(rest.prefix(secondBytes))
            rest = rest.dropFirst(secondBytes)
            emit(.outputAudioDelta(stretch.part, bytes), to: .allOf(.webSocket))
            let length = Duration.seconds(Double(bytes.count) / Double(secondBytes))
            pacing.send(length, of: generation, now: clock.now)
        }
    }
}
