import RealtimeProtocol

/// A client that was lost and comes back goes on where it was (decision 21).
extension SessionMachine {
    /// The conversation stands still but for what the language model and the recogniser have begun.
    mutating func waitForClient(_ lastHeard: ContinuousClock.Instant?) {
        act(.hold)
        listening.idle.stop()
        guard let lastHeard else { return }
        output.forget(heardAfter: lastHeard)
        for playout in output.playouts {
            guard var response = responses.response(playout.generation) else { continue }
            response.played = playout.played
            responses.put(response)
        }
    }

    mutating func resume(_ transport: TransportID, _ kind: TransportKind, _ offer: ResumeOffer) {
        guard !transports.contains(transport) else { return }
        guard let hold = transports.hold, !transports.isFull else { return act(.close(transport, .clientLeft)) }
        transports.resume(transport, kind, grace: offer.grace)
        act(.configureInput(inputSettings))
        emit(.sessionCreated(session, resume: offer), to: .only(transport))
        if offer.replay?.isComplete == false { emit(.error(.eventsMissed), to: .only(transport)) }
        act(.replay(transport))
        if hold.kind == .peer {
            sayAgain()
            if kind != .peer { playoutsAreSent() }
        } else if kind == .peer {
            beginPlayout()
        }
        responses.listenerHeard(now)
    }

    /// What was on its way to the peer and not heard is said once more.
    private mutating func sayAgain() {
        for playout in output.playouts {
            let stretches = unheard(of: playout)
            if stretches.isEmpty, playout.played < playout.delivered, responses.response(playout.generation) == nil {
                // Its items are gone, or were never of the conversation, and their audio with them.
                silence(playout)
            } else {
                output.begin(playout.generation)
                act(.sayAgain(playout.generation, heard: playout.played, stretches))
            }
        }
    }

    private func unheard(of playout: Playout) -> [SpokenStretch] {
        let making = responses.response(playout.generation)?.outputs ?? []
        return playout.items.compactMap { id in
            guard let item = making.first(where: { $0.id == id }) ?? conversation[id]?.output,
                case .speech(let part) = item.body
            else { return nil }
            let from = max(0, playout.played - part.firstSample)
            return from < part.samples ? SpokenStretch(part: item.part, from: from) : nil
        }
    }

    /// The client plays the audio of events itself from now on.
    private mutating func playoutsAreSent() {
        let playouts = output.playouts
        for playout in playouts { output.send(samples: playout.delivered - playout.played, now: now) }
        goOnWithoutPlayout()
        guard playouts.contains(where: { !$0.isOutOfBand }), responses.active == nil else { return }
        answerIsHeard(at: output.heardUntil ?? now)
    }

    /// Audio goes to a peer from now on: what was sent in events before is the client's to play.
    private mutating func beginPlayout() {
        output.clientFellSilent()
        for var response in responses.all where response.samples > 0 {
            output.playouts.append(
                Playout(
                    generation: response.generation, response: response.id, isOutOfBand: response.plan.isOutOfBand,
                    heard: response.samples))
            output.lastResponse = response.id
            response.played = response.samples
            responses.put(response)
            act(.sayAgain(response.generation, heard: response.samples, []))
        }
    }
}
