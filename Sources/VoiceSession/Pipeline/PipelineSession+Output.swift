import AudioPipeline
import CoreMetrics
import Logging
import Metrics
import RealtimeProtocol
import SessionEngine
import SpeechEngines

extension PipelineSession {
    // MARK: Language model

    func prepare(_ request: ModelRequest) {
        let model = engine.languageModel
        children.start(.preparation) { [self] ticket in
            do throws(EngineFailure) {
                try await model.prepare(for: request)
            } catch {
                await failed("language_model", error, ticket)
            }
            await finish(ticket)
        }
    }

    func startResponse(_ generation: ResponseGeneration, _ request: ModelRequest) {
        spoken[generation] = SpokenResponse(startedAt: clock.now)
        ask(generation, request)
    }

    /// As a response, but that nobody waits for it: another conversation is served first.
    func speculate(_ generation: ResponseGeneration, _ request: ModelRequest) {
        if engine.languageModel.isIdle { return ask(generation, request) }
        children.start(.model(generation)) { [self] ticket in
            await finish(ticket, .modelEnded(generation, .failed(.busy)))
        }
    }

    func settleSpeculation(_ generation: ResponseGeneration, _ outcome: SpeculationOutcome) {
        metrics.speculated(outcome)
        if outcome == .used { spoken[generation] = SpokenResponse(startedAt: clock.now) }
    }

    private func ask(_ generation: ResponseGeneration, _ request: ModelRequest) {
        children.cancel(.preparation)
        let model = engine.languageModel
        let heard = model.hears ? HeardRequest(request, store) : nil
        children.start(.model(generation)) { [self] ticket in
            do throws(EngineFailure) {
                let end = try await model.respond(to: heard?.whole() ?? request) { output in
                    await hear(output, generation, ticket)
                }
                await finish(ticket, .modelEnded(generation, .finished(end.reason, usage: end.usage)))
            } catch {
                await failed("language_model", error, ticket)
                await finish(ticket, .modelEnded(generation, .failed(error)))
            }
        }
    }

    private func hear(_ output: ModelOutput, _ generation: ResponseGeneration, _ ticket: ChildTicket) {
        if let response = spoken[generation], !response.hasOutput, children.isCurrent(ticket) {
            spoken[generation]?.hasOutput = true
            metrics.firstToken.record(duration: response.startedAt.duration(to: clock.now))
        }
        report(.model(generation, output), ticket)
    }

    // MARK: Voice

    func speak(_ generation: ResponseGeneration, _ request: SpeechRequest) {
        spoken[generation, default: SpokenResponse(startedAt: clock.now)].add(request)
        guard !children.isRunning(.voice(generation)) else { return }
        noteUnknown(request.voice)
        let synthesizer = engine.synthesizer
        children.start(.voice(generation)) { [self] ticket in
            while let clause = await nextClause(generation, ticket) {
                do throws(EngineFailure) {
                    try await synthesizer.speak(clause) { audio in
                        await say(audio, clause.clause, generation, ticket)
                    }
                    await report(.clauseSpoken(generation, clause: clause.clause), ticket)
                } catch {
                    await failed("voice", error, ticket)
                    await report(.speechFailed(generation, error), ticket)
                }
            }
        }
    }

    /// Says once that the default voice speaks for one that there is not (RT-066).
    private func noteUnknown(_ voice: Voice) {
        guard let table = engine.synthesizer.voices, table.index(of: voice) == nil, voice != unknownVoice else {
            return
        }
        unknownVoice = voice
        let name = if case .named(let name) = voice { String(name.prefix(64)) } else { "custom" }
        log.notice("There is no such voice: the default speaks", metadata: ["voice": "\(name)"])
    }

    /// The next clause of a response; with none left, the task ends and another response may speak.
    private func nextClause(_ generation: ResponseGeneration, _ ticket: ChildTicket) -> SpeechRequest? {
        guard children.isCurrent(ticket) else { return nil }
        if let clause = spoken[generation]?.nextClause() { return clause }
        children.ended(ticket)
        floor.release(generation)
        wakeVoices()
        return nil
    }

    /// Hands a block to the machine once there is credit for it; what it waited for is looked at again, since others may
    /// have been faster. Between a look and `change` nothing waits, or the change could be missed.
    private func say(
        _ audio: SynthesizedAudio, _ clause: Int, _ generation: ResponseGeneration, _ ticket: ChildTicket
    ) async {
        while case .wait(let credit) = offer(audio, clause, generation, ticket) {
            switch credit {
            case .room(let media, let turn, let id):
                let hasRoom = await media.room(for: audio.samples.count, generation: turn)
                // The peer has ended or its audio was discarded: what follows from that is told soon, or was already.
                if !hasRoom, transports[id] != nil { await change(ticket) }
            case .time(let instant): try? await clock.sleep(until: instant, tolerance: nil)
            case .drained(let transport, let id):
                await transport.drained(to: AttachedTransport.maxWaitingAudioBytes)
                transports[id]?.audioHasDrained()
            case .change: await change(ticket)
            }
        }
    }

    /// Tells the machine of a block if there is credit for it.
    private func offer(
        _ audio: SynthesizedAudio, _ clause: Int, _ generation: ResponseGeneration, _ ticket: ChildTicket
    ) -> SpeechOffer {
        guard children.isCurrent(ticket), var response = spoken[generation] else { return .done }
        if let missing = missingCredit(audio.samples.count, response, generation) { return .wait(missing) }
        let number = response.keep(audio.samples)
        spoken[generation] = response
        if !hasPeer { pacing.send(Self.length(audio.samples.count), of: generation, now: clock.now) }
        report(
            .speech(
                generation,
                SpeechChunk(number: number, clause: clause, samples: audio.samples.count, words: audio.words)), ticket)
        return .done
    }

    private func missingCredit(
        _ samples: Int, _ response: SpokenResponse, _ generation: ResponseGeneration
    ) -> SpeechCredit? {
        // While nobody is there to hear it, or has not heard what was said before, it waits.
        if response.isFull || transports.principal == nil || !again.isEmpty { return .change }
        if hasPeer {
            guard let turn = floor.take(generation) else { return .change }
            for (id, attached) in transports {
                guard let media = attached.transport.media, !media.hasRoom(for: samples, generation: turn) else {
                    continue
                }
                return .room(media, turn: turn, id)
            }
        } else {
            let earliest = pacing.earliest(Self.length(samples), now: clock.now)
            if earliest > clock.now { return .time(earliest) }
        }
        return transports.first { $0.value.mayHaveWaitingAudio }.map { .drained($0.value.transport, $0.key) }
    }

    /// Waits until `wakeVoices`.
    func change(_ ticket: ChildTicket) async {
        guard children.isCurrent(ticket) else { return }
        await withCheckedContinuation { voiceWaiters.append($0) }
    }

    /// Something that a voice may wait for has changed; each looks again.
    func wakeVoices() {
        let waiters = voiceWaiters
        voiceWaiters = []
        for waiter in waiters { waiter.resume() }
    }

    // MARK: Sound that goes out

    /// Sends a block that was credited before, so that nothing here waits.
    func deliver(_ generation: ResponseGeneration, _ chunk: Int, _ part: PartAddress, _ format: AudioFormat) {
        guard let block = spoken[generation]?.takeBlock(chunk) else { return }
        if let response = spoken[generation], !response.hasAudio {
            spoken[generation]?.hasAudio = true
            metrics.firstAudio.record(duration: response.startedAt.duration(to: clock.now))
        }
        guard let bytes = try? spoken[generation]?.encoder(part, format).encode(block) else {
            return metrics.failed("codec")
        }
        store.append(bytes, format, to: part.item.item, contentIndex: part.contentIndex)
        emit(.outputAudioDelta(part, bytes), to: .allOf(.webSocket))
        for id in transports.keys { transports[id]?.countAudio(bytes.count) }
        if hasPeer, let turn = floor.take(generation) {
            floor.give(block.count, to: turn)
            echo.queue(block, turn)
            for media in peers { media.play(block, generation: turn) }
        } else if !hasPeer {
            echo.sent(block, inputEnd: input.ring.endPosition)
        }
        wakeVoices()
    }

    func report(_ played: [PlayedAudio], _ ticket: ChildTicket) {
        for audio in played {
            echo.left(audio, inputEnd: input.ring.endPosition)
            guard let (generation, samples) = floor.response(audio) else { continue }
            report(.played(generation, samples: samples), ticket)
        }
    }

    func discardAudio(_ generation: ResponseGeneration) {
        again.discard(generation)
        for turn in floor.numbers(of: generation) {
            for media in peers { media.discardAudio(turn) }
        }
        pacing.discard(generation, now: clock.now)
        echo.discard(floor.numbers(of: generation), inputEnd: input.ring.endPosition)
    }

    func cancel(_ generation: ResponseGeneration) {
        children.cancel(.model(generation))
        children.cancel(.voice(generation))
        spoken[generation] = nil
        floor.release(generation)
        wakeVoices()
    }

    func giveUp(_ generation: ResponseGeneration, _ stage: ResponseStage) {
        switch stage {
        case .languageModel: children.cancel(.model(generation))
        case .voice:
            children.cancel(.voice(generation))
            spoken[generation]?.dropClauses()
            floor.release(generation)
            wakeVoices()
        }
    }

    var peers: [any SessionMedia] { transports.values.compactMap(\.transport.media) }

    private static func length(_ samples: Int) -> Duration {
        .microseconds(Int64(samples) * 1_000_000 / Int64(AudioRing.samplesPerSecond))
    }
}

extension EngineFailure {
    fileprivate static let busy = EngineFailure(code: "engine_busy", message: "Another conversation is being answered.")
}

/// What a block of speech waits for.
private enum SpeechCredit: Sendable {
    /// Room in the playout of a peer.
    case room(any SessionMedia, turn: Generation, TransportID)
    /// The client of a WebSocket has enough until then.
    case time(ContinuousClock.Instant)
    /// The client of a WebSocket has not taken what was sent.
    case drained(any SessionTransport, TransportID)
    /// Another response speaks, or the machine has not delivered what it knows.
    case change
}

private enum SpeechOffer: Sendable {
    /// The machine was told, or the response is over.
    case done
    case wait(SpeechCredit)
}
