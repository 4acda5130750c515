import AudioPipeline
import RealtimeProtocol
import SessionEngine

/// The audio of a peer: what it says goes up in events, what comes down is played in real time.
extension UpstreamSession {
    /// Audio of one event: a second.
    private static let maxAppendTicks: Int64 = 48_000

    /// What comes down is played as far as there is room.
    func startSpeech(_ media: any SessionMedia, _ id: TransportID) {
        children.start(.speech(id)) { [self] ticket in
            while let block = await nextBlock(ticket) {
                // Without room the playout is over, and so is what it would have said.
                guard await media.room(for: block.samples.count, generation: block.generation) else { continue }
                media.play(block.samples, generation: block.generation)
            }
        }
    }

    // MARK: In

    func receive(_ block: PCMBlock, _ ticket: ChildTicket) {
        guard children.isCurrent(ticket), block.rate == .hz24000 else { return }
        send(until: input.place(block, now: clock.now), ticket)
    }

    func fillSilence(_ ticket: ChildTicket) -> ContinuousClock.Instant? {
        guard children.isCurrent(ticket) else { return nil }
        if let end = input.fillSilence(now: clock.now) { send(until: end, ticket) }
        return input.silenceIsDue ?? clock.now + InputAudio.patience
    }

    private func send(until end: AudioPosition, _ ticket: ChildTicket) {
        while sentUntil < end {
            let next = min(end, AudioPosition(rawValue: sentUntil.rawValue + Self.maxAppendTicks))
            let samples = input.samples(in: sentUntil..<next)
            sentUntil = next
            if !samples.isEmpty { report(.spoken(RelayedEvent(appending: samples)), ticket) }
        }
        input.clear(before: end)
    }

    // MARK: Out

    func play(_ block: Int, _ generation: Generation) {
        guard speech.queue(block, generation) else {
            return handle(.end(.internalError("upstream: more audio than can be held")))
        }
        wakeSpeech()
    }

    func discard(_ generation: Generation) {
        speech.discard(generation)
        for attached in transports.values { attached.transport.media?.discardAudio(generation) }
        wakeSpeech()
    }

    func report(_ played: [PlayedAudio], _ ticket: ChildTicket) {
        for audio in played { report(.played(audio.generation, samples: audio.samples), ticket) }
    }

    private func nextBlock(_ ticket: ChildTicket) async -> UpstreamSpeech.Block? {
        while children.isCurrent(ticket) {
            if let block = speech.next() { return block }
            await withCheckedContinuation { speechWaiter = $0 }
        }
        return nil
    }

    /// There may be something to play, or it is over.
    func wakeSpeech() {
        speechWaiter?.resume()
        speechWaiter = nil
    }
}
