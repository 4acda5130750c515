import CoreMetrics
import Logging
package import Wire

/// How a call comes up, and how its ICE starts anew.
extension PeerConnection {
    /// Answers an offer: the SDP answer holds every candidate found in time.
    package func answer(_ offer: Offer, _ negotiation: Negotiation) async throws(PeerSetupError) -> String {
        let local = try await describe(controlling: false)
        try begin(negotiation)
        return offer.answer(negotiation, local: local)
    }

    /// The offering side, for synthetic peers.
    package func offer(audio: Bool, data: Bool) async throws(PeerSetupError) -> String {
        // Ready-made packets are Opus.
        let codecs = packets == nil ? AudioCodec.allCases : [.opus]
        return OfferWriter.offer(
            local: try await describe(controlling: true), audio: audio, data: data, codecs: codecs)
    }

    /// Completes `offer`.
    package func accept(_ negotiation: Negotiation) throws(PeerSetupError) {
        try begin(negotiation)
    }

    /// Answers an offer that starts ICE anew (RFC 8445 §9): other credentials on both sides and another path, under the
    /// same DTLS association, media and channels. Packets take the old path until the new one stands.
    package func restart(_ offer: Offer, _ asked: Negotiation) throws(PeerRestartError) -> String {
        guard let ice, let agreed = negotiation, machine?.isEstablished == true, closeReason == nil else {
            throw .notEstablished
        }
        let wanted = try agreed.restarted(by: asked)
        do {
            let credentials = try ice.restart(wanted.remoteICE)
            negotiation = wanted
            descriptions += 1
            let local = identity.description(
                credentials: credentials, candidates: mapped(ice.localCandidates), environment: environment,
                version: descriptions)
            log.info("ICE starts anew")
            return offer.answer(wanted, local: local)
        } catch {
            throw .ice(String(describing: error))
        }
    }

    // MARK: Inside

    private func describe(controlling: Bool) async throws(PeerSetupError) -> LocalDescription {
        guard ice == nil, closeReason == nil else { throw .wrongState }
        loop.join(self)
        do {
            let agent = try ICEAgent(
                loop: loop, controlling: controlling, configuration: environment.ice,
                onEvent: { [unowned(unsafe) self] event in
                    // The agent is closed, and calls no more, before we go (`ICEAgent.deinit`). The loop's thread is this actor's executor; the pointer in the event lives through the call.
                    nonisolated(unsafe) let event = event
                    assumeIsolated { $0.handle(event) }
                })
            ice = agent
            try agent.gather()
            // Host candidates need no wait.
            if !gathering.isDone { await withCheckedContinuation { gathering.wait($0) } }
            guard closeReason == nil, let credentials = agent.localCredentials else { throw ICEAgent.Failure.creation }
            return identity.description(
                credentials: credentials, candidates: mapped(agent.localCandidates), environment: environment)
        } catch {
            end(.internalError("ICE: \(error)"))
            if environment.ice.portRange != nil, error as? ICEAgent.Failure == .gathering { throw .noMediaPort }
            throw .ice(String(describing: error))
        }
    }

    private func mapped(_ candidates: [String]) -> [String] {
        guard let address = environment.ice.publicAddress else { return candidates }
        return candidates.compactMap { CandidateLine.mapped($0, to: address) } + candidates
    }

    private func begin(_ negotiation: Negotiation) throws(PeerSetupError) {
        guard let ice, machine == nil, closeReason == nil else { throw closeReason.map { .closed($0) } ?? .wrongState }
        PeerMetrics.shared.mdnsCandidates.increment(by: negotiation.remoteICE.mdnsCandidates)
        do {
            machine = try PeerMachine(configuration(negotiation), now: .now)
            try ice.setRemote(negotiation.remoteICE)
            self.negotiation = negotiation
        } catch let error as OpenSSLError {
            end(.internalError("DTLS: \(error.operation)"))
            throw .dtls(error)
        } catch {
            end(.internalError("ICE: \(error)"))
            throw .ice(String(describing: error))
        }
        if pathIsUp { process(.pathUp) }
    }

    private func configuration(_ negotiation: Negotiation) -> PeerMachineConfiguration {
        PeerMachineConfiguration(
            certificate: environment.certificate, negotiation: negotiation, audio: environment.audio,
            playout: playout, packets: packets, ssrc: identity.ssrc, cname: identity.cname, clock: environment.clock,
            slots: loop.slots, seed: .random(in: .min ... .max))
    }
}
