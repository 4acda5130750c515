import RealtimeProtocol

extension SessionMachine {
    /// A block of speech has been made: told, and handed on.
    mutating func spoke(_ generation: ResponseGeneration, _ chunk: SpeechChunk) {
        guard var response = responses.response(generation), let index = response.openIndex,
            case .speech(var part) = response.outputs[index].body, part.add(chunk)
        else { return }
        response.outputs[index].body = .speech(part)
        response.voiceActed = now
        response.samples += chunk.samples
        output.hasAudio = true
        if transports.hasPeer {
            queue(chunk, of: response.outputs[index].id, response)
        } else {
            output.send(samples: chunk.samples, now: now)
        }
        tellTranscript(&response)
        let output = response.outputs[index]
        act(.deliver(generation, chunk: chunk.number, output.part, response.plan.format))
        if part.isCut { act(.cutAudio(output.id, contentIndex: 0, samples: part.samples)) }
        responses.put(response)
    }

    mutating func clauseSpoken(_ generation: ResponseGeneration, _ clause: Int) {
        guard var response = responses.response(generation), let index = response.openIndex,
            case .speech(var part) = response.outputs[index].body
        else { return }
        part.finish(clause: clause)
        response.voiceActed = now
        response.outputs[index].body = .speech(part)
        tellTranscript(&response)
        advance(response)
    }

    /// Samples have left for a peer: the only truth about what was heard.
    mutating func played(_ generation: ResponseGeneration, _ samples: Int) {
        guard let index = output.playout(generation) else { return }
        let isFirst = output.playouts[index].advance(toPlayed: samples)
        if transports.isResumable { output.playouts[index].mark(now) }
        if isFirst { emit(.outputAudioBufferStarted(output.playouts[index].response), to: .allOf(.peer)) }
        responses.heard(output.playouts[index].played, of: generation)
        responses.listenerHeard(now)
        // Every frame comes by here, and most of them in answers that were told whole.
        if responses.hasUntold(from: generation) { tellOnwards(from: generation) }
        settlePlayout(generation)
    }

    /// More of this response was heard: one that is queued behind it may be told now.
    private mutating func tellOnwards(from generation: ResponseGeneration) {
        for var response in responses.all where response.generation >= generation {
            tellTranscript(&response)
            advance(response)
        }
    }

    /// A playout that is played to its end stops; from then on the room is quiet.
    mutating func settlePlayout(_ generation: ResponseGeneration) {
        guard let index = output.playout(generation), output.playouts[index].isOver else { return }
        let playout = output.playouts.remove(at: index)
        if transports.isResumable { output.keep(playout, now: now) }
        if playout.stage == .playing { emit(.outputAudioBufferStopped(playout.response), to: .allOf(.peer)) }
        if !playout.isOutOfBand, responses.active == nil { answerIsHeard(at: now) }
    }

    private mutating func queue(_ chunk: SpeechChunk, of item: ItemID, _ response: ActiveResponse) {
        if output.playout(response.generation) == nil {
            output.playouts.append(
                Playout(
                    generation: response.generation, response: response.id, isOutOfBand: response.plan.isOutOfBand))
            output.lastResponse = response.id
        }
        guard let index = output.playout(response.generation) else { return }
        output.playouts[index].deliver(chunk.samples, of: item, clause: chunk.clause)
    }

    /// Tells the transcript of clauses whose time has come: with their audio, or on a peer at most one clause ahead of
    /// what is heard.
    mutating func tellTranscript(_ response: inout ActiveResponse) {
        guard let index = response.openIndex, case .speech(var part) = response.outputs[index].body else { return }
        // Without sound of its own nothing would tell it when its turn has come.
        if transports.hasPeer, !response.hasTold, response.samples > 0, isQueued(response) { return }
        let played = transports.hasPeer ? response.played - part.firstSample : nil
        while let clause = part.tellNext(played: played) {
            emit(.outputAudioTranscriptDelta(response.outputs[index].part, clause.text, words: clause.wordsInPart))
        }
        response.outputs[index].body = .speech(part)
    }

    /// Whether a response before it has a clause or more to say on the peers.
    private func isQueued(_ response: ActiveResponse) -> Bool {
        output.playouts.contains { $0.generation < response.generation && !$0.isAtItsLastClause }
    }

    /// The user speaks: what is being said stops (RT-158), and counts as far as it was heard (RT-197).
    mutating func interrupt() {
        output.clientFellSilent()
        for playout in output.playouts where !playout.isOutOfBand && responses.response(playout.generation) == nil {
            silence(playout)
        }
        if let active = responses.active { stop(active, .cancelled(.turnDetected)) }
    }

    /// `output_audio_buffer.clear`: whatever is being heard stops, and the response that says it with it (RT-121).
    mutating func clearOutput() throws(ProtocolError) {
        guard transports.hasPeer else { throw .noOutputBuffer }
        guard let last = output.lastResponse else { throw .nothingToClear }
        guard !output.playouts.isEmpty else {
            return emit(.outputAudioBufferCleared(last), to: .allOf(.peer))
        }
        for playout in output.playouts {
            if let response = responses.response(playout.generation) {
                stop(response, .cancelled(.clientCancelled))
            } else {
                silence(playout)
            }
        }
    }

    /// Drops the audio of a response that is done already.
    mutating func silence(_ playout: Playout) {
        act(.discardAudio(playout.generation))
        _ = output.removePlayout(playout.generation)
        emit(.outputAudioBufferCleared(playout.response), to: .allOf(.peer))
        truncateUnheard(playout)
    }

    /// Cuts the items of a playout that was dropped to what was heard of them.
    mutating func truncateUnheard(_ playout: Playout) {
        for id in playout.items {
            guard case .speech(let part)? = conversation[id]?.output?.body else { continue }
            let heard = max(0, playout.played - part.firstSample)
            guard heard < part.samples else { continue }
            cut(id, toSamples: heard)
            act(.cutAudio(id, contentIndex: 0, samples: heard))
            emit(.conversationItemTruncated(id, contentIndex: 0, audioEndMs: heard / SpokenPart.samplesPerMs))
        }
    }
}

extension SpokenPart.Clause {
    /// Its words, in ms from the first sample of the part.
    fileprivate var wordsInPart: [WordTiming] {
        let offset = start / SpokenPart.samplesPerMs
        return words.map { WordTiming(text: $0.text, startMs: $0.startMs &+ offset, endMs: $0.endMs &+ offset) }
    }
}
