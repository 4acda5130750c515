package import AudioPipeline
import CoreMetrics
import Glibc
import Logging
package import Wire

/// What a peer connection tells its session, in order.
package enum PeerEvent: Equatable, Sendable {
    /// Media and data may flow: ICE and DTLS are up and the peer is who its SDP said.
    case established
    case channelOpened(DataChannel)
    case message(DataChannelMessage)
    case channelClosed(UInt16)
}

/// Why a call could not be set up.
package enum PeerSetupError: Error, Equatable {
    case ice(String)
    /// Every port of the configured range is in use.
    case noMediaPort
    case dtls(OpenSSLError)
    case closed(PeerCloseReason)
    case wrongState
}

/// Why ICE was not started anew; the call goes on as it was.
package enum PeerRestartError: Error, Equatable {
    /// Not up yet, or over.
    case notEstablished
    /// The offer asks for something else; the text says what.
    case refused(String)
    case ice(String)
}

/// One WebRTC peer: an actor on its media loop that owns the ICE agent and the peer machine, and does what the machine
/// says. It decides nothing itself.
package actor PeerConnection: MediaLoopMember {
    /// Decoded audio that may wait for the session: one second, the oldest dropped and counted.
    static let maxWaitingBlocks = 50
    /// No data channel message of ours is longer, whatever the peer would take.
    package static let maxMessageBytes = SCTPAssociations.maxMessageSize

    package nonisolated let id: String
    /// What the peer says, decoded.
    package nonisolated let audio = BlockQueue(capacity: maxWaitingBlocks)
    /// Ends when the call has ended; `closeReason` then says why.
    package nonisolated var events: AsyncStream<PeerEvent> { eventsOut.events }
    /// What the peer is to hear.
    package nonisolated let playout: PlayoutQueue
    /// The thread that decodes and encodes, for what is short and done with every frame.
    package nonisolated let executor: any TaskExecutor
    package private(set) var closeReason: PeerCloseReason?

    private nonisolated let loop: MediaLoop
    private nonisolated let environment: PeerEnvironment
    private nonisolated let packets: (any PacketAudio)?
    private let log: Logger
    private nonisolated let eventsOut = PeerEventQueue()
    private let createdAt: ContinuousClock.Instant
    private let identity = LocalIdentity()
    private var ice: ICEAgent?
    private var machine: PeerMachine?
    private var negotiation: Negotiation?
    private var descriptions: UInt64 = 1
    private var association: AssociationID?
    private var gathering: CheckedContinuation<Void, Never>?
    private var gatheringIsDone = false
    private var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    private var pathIsUp = false
    private var isDraining = false
    private var inbox: [InboxItem] = []
    private var published = PeerCounters()
    private var ticks = 0
    var alarms = FrameAlarms()

    /// Input that came while outputs were being performed.
    private enum InboxItem {
        case datagram([UInt8], from: DatagramPath?)
        case pathUp
        case pathLost
        case close(PeerCloseReason)
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(
        id: String, loop: MediaLoop, environment: PeerEnvironment, packets: (any PacketAudio)?, logger: Logger
    ) {
        self.id = id
        self.loop = loop
        executor = LoopTasks(loop)
        self.environment = environment
        self.packets = packets
        var log = logger
        log[metadataKey: "peer.id"] = "\(id)"
        self.log = log
        playout = PlayoutQueue(rate: environment.audio.rate)
        createdAt = .now
    }

    // MARK: Set-up

    /// Answers an offer: the SDP answer holds every candidate found in time.
    package func answer(_ offer: Offer, _ negotiation: Negotiation) async throws(PeerSetupError) -> String {
        let local = try await describe(controlling: false)
        try await begin(negotiation)
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
    package func accept(_ negotiation: Negotiation) async throws(PeerSetupError) {
        try await begin(negotiation)
    }

    // MARK: In the call

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

    package func openChannel(label: String) { process(.openChannel(label: label)) }

    /// Sends a message; one that cannot be sent ends the call, as an event is never dropped.
    package func send(_ message: DataChannelMessage) { process(.send(message)) }

    /// `send` from any thread; messages go out in the order of the calls.
    package nonisolated func post(_ message: DataChannelMessage) {
        onLoop { $0.send(message) }
    }

    /// `work` on the loop, after what this thread asked for before.
    nonisolated func onLoop(_ work: @escaping @Sendable (isolated PeerConnection) -> Void) {
        loop.execute { self.assumeIsolated(work) }
    }

    /// Ends the call with goodbyes to the peer. Idempotent; any thread.
    package nonisolated func close(_ reason: PeerCloseReason) {
        onLoop { $0.requestClose(reason) }
    }

    /// Ends without a word to the peer, as a killed process does: for synthetic peers.
    package func vanish() { end(.internalError("vanished")) }

    /// Of messages that SCTP has not taken over yet.
    package var unsentBytes: Int { machine?.unsentBytes ?? 0 }

    /// Sends so many frames at once, as no honest peer does: for synthetic ones that flood.
    package func rush(frames: Int) {
        for _ in 0..<frames { process(.frameTick) }
    }

    /// Returns when the call has ended.
    package func closed() async {
        guard closeReason == nil else { return }
        await withCheckedContinuation { waitingForEnd.append($0) }
    }

    /// When something last came from the peer that authenticated; nil where nothing ever could.
    package var lastHeard: ContinuousClock.Instant? { machine?.lastHeard }

    /// What was counted so far, and what the peer reports of our stream.
    package var statistics: PeerStatistics {
        PeerStatistics(
            counters: machine?.counters ?? published, roundTrip: machine?.remoteReport?.roundTrip,
            remoteLoss: machine?.remoteReport?.fractionLost)
    }

    package nonisolated func tick(now: ContinuousClock.Instant) {
        assumeIsolated { $0.frameTick(now: now) }
    }

    // MARK: Inside: set-up

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
            await waitForCandidates()
            guard closeReason == nil, let credentials = agent.localCredentials else { throw ICEAgent.Failure.creation }
            return identity.description(
                credentials: credentials, candidates: mapped(agent.localCandidates), environment: environment)
        } catch {
            end(.internalError("ICE: \(error)"))
            if environment.ice.portRange != nil, error as? ICEAgent.Failure == .gathering { throw .noMediaPort }
            throw .ice(String(describing: error))
        }
    }

    /// Until gathering is done or has taken too long; host candidates need no wait.
    private func waitForCandidates() async {
        guard !gatheringIsDone else { return }
        await withCheckedContinuation { gathering = $0 }
    }

    private func mapped(_ candidates: [String]) -> [String] {
        guard let address = environment.ice.publicAddress else { return candidates }
        return candidates.compactMap { CandidateLine.mapped($0, to: address) } + candidates
    }

    private func begin(_ negotiation: Negotiation) async throws(PeerSetupError) {
        if negotiation.data != nil {
            association = await environment.sctp.register { [weak self, loop] event in
                guard let self else { return }
                loop.execute { self.assumeIsolated { $0.receive(event) } }
            }
        }
        guard let ice, machine == nil, closeReason == nil else {
            releaseAssociation()
            throw closeReason.map { .closed($0) } ?? .wrongState
        }
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
            seed: .random(in: .min ... .max))
    }

    // MARK: Inside: input

    private func handle(_ event: ICEEvent) {
        switch event {
        case .gatheringDone: finishGathering()
        case .connected:
            pathIsUp = true
            isDraining ? inbox.append(.pathUp) : process(.pathUp)
        case .failed: isDraining ? inbox.append(.pathLost) : process(.pathLost)
        case .datagram(let datagram, let path, let arrival):
            isDraining
                ? inbox.append(.datagram(Array(datagram), from: path))
                : process(datagram, from: path, now: arrival)
        case .moved:
            PeerMetrics.shared.moves.increment()
            log.info("The peer is at another address now")
        }
    }

    /// Comes from the loop's queue, never from inside one of our own calls.
    private func receive(_ event: SCTPEvent) { process(.sctp(event)) }

    private func requestClose(_ reason: PeerCloseReason) {
        if isDraining {
            inbox.append(.close(reason))
        } else if machine == nil {
            end(reason)
        } else {
            process(.close(reason))
        }
    }

    private func frameTick(now: ContinuousClock.Instant) {
        ticks += 1
        if gathering != nil, now - createdAt >= environment.ice.gatherTimeout { finishGathering() }
        if machine?.isEstablished != true, now - createdAt >= environment.setupTimeout { requestClose(.setupTimeout) }
        process(.frameTick, now: now)
        alarms.ring(now: now)
        let second = 50
        if ticks % second == 0 {
            publish()
            process(.limitComplexity(loop.maxComplexity), now: now)
        }
    }

    private func finishGathering() {
        gatheringIsDone = true
        gathering?.resume()
        gathering = nil
    }

    /// Where something authenticates, there the peer is.
    private func process(
        _ datagram: UnsafeMutableRawBufferPointer, from path: DatagramPath?, now: ContinuousClock.Instant
    ) {
        let before = machine?.heardCount
        process(.datagram(datagram), now: now)
        if machine?.heardCount != before { ice?.heard(on: path, now: now) }
    }

    /// One input, then every output, then whatever came meanwhile; never nested.
    private func process(_ input: PeerInput, now: ContinuousClock.Instant = .now) {
        machine?.handle(input, now: now)
        isDraining = true
        drain()
        while !inbox.isEmpty {
            let items = inbox
            inbox.removeAll(keepingCapacity: true)
            for item in items { handleItem(item, now: now) }
        }
        isDraining = false
    }

    private func handleItem(_ item: InboxItem, now: ContinuousClock.Instant) {
        switch item {
        case .datagram(var bytes, let path):
            let before = machine?.heardCount
            bytes.withUnsafeMutableBytes { machine?.handle(.datagram($0), now: now) }
            if machine?.heardCount != before { ice?.heard(on: path, now: now) }
        case .pathUp: machine?.handle(.pathUp, now: now)
        case .pathLost: machine?.handle(.pathLost, now: now)
        case .close(let reason): machine?.handle(.close(reason), now: now)
        }
        drain()
    }

    // MARK: Inside: output

    private func drain() {
        while let output = machine?.poll() { perform(output) }
    }

    private func perform(_ output: PeerOutput) {
        switch output {
        case .transmit(let bytes): if ice?.send(bytes) != true { PeerMetrics.shared.sendFailures.increment() }
        case .sctp(let request): if let association { environment.sctp.post(request, for: association) }
        case .established:
            log.debug("peer established")
            ice?.follow()
            emit(.established)
        case .audio(let block):
            if !audio.append(block) { PeerMetrics.shared.audioBlocksDropped.increment() }
        case .channelOpened(let channel): emit(.channelOpened(channel))
        case .message(let message): emit(.message(message))
        case .channelClosed(let channel): emit(.channelClosed(channel))
        case .sendFailed(let error): inbox.append(.close(.overrun("data channel: \(error)")))
        case .closed(let reason): end(reason)
        }
    }

    private func emit(_ event: PeerEvent) {
        if !eventsOut.append(event) {
            inbox.append(.close(.overrun("the session takes events too slowly")))
        }
    }

    private func publish() {
        guard let counters = machine?.counters else { return }
        PeerMetrics.shared.add(counters, since: published)
        published = counters
    }

    /// The one end of every call, whatever its cause; nothing is left behind.
    private func end(_ reason: PeerCloseReason) {
        guard closeReason == nil else { return }
        closeReason = reason
        publish()
        PeerMetrics.shared.closed(reason)
        log.debug("peer closed", metadata: ["reason": "\(reason.label)"])
        releaseAssociation()
        ice?.close()
        ice = nil
        finishGathering()
        alarms.cancelAll()
        loop.leave(self)
        playout.close()
        audio.finish()
        eventsOut.finish()
        for waiter in waitingForEnd { waiter.resume() }
        waitingForEnd.removeAll()
    }

    private func releaseAssociation() {
        if let association { environment.sctp.post(.close, for: association) }
        association = nil
    }
}

/// A reading of one peer's counters.
package struct PeerStatistics: Equatable, Sendable {
    package let counters: PeerCounters
    /// By the peer's RTCP reports; nil before the first.
    package let roundTrip: Duration?
    package let remoteLoss: Double?
}
