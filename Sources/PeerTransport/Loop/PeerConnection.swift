package import AudioPipeline
import CoreMetrics
import Logging
import Wire

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
    /// Why the call ended; nil while it has not. Any thread.
    package nonisolated var closeReason: PeerCloseReason? { ending.reason }

    nonisolated let loop: MediaLoop
    nonisolated let environment: PeerEnvironment
    nonisolated let packets: (any PacketAudio)?
    let log: Logger
    private nonisolated let eventsOut = PeerEventQueue()
    private nonisolated let ending = CallEnd()
    private let createdAt: ContinuousClock.Instant
    let identity = LocalIdentity()
    var ice: ICEAgent?
    var machine: PeerMachine?
    var negotiation: Negotiation?
    var descriptions: UInt64 = 1
    var association: AssociationID?
    var gathering = GatheringWait()
    var pathIsUp = false
    private var isDraining = false
    private var inbox: [DeferredInput] = []
    private var published = PeerCounters()
    private var ticks = 0
    var alarms = FrameAlarms()

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

    // MARK: In the call

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
        guard closeReason == nil else { return }
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
    nonisolated(nonsending) package func closed() async { await ending.wait() }

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

    // MARK: Input

    func handle(_ event: ICEEvent) {
        switch event {
        case .gatheringDone: gathering.finish()
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
        if now - createdAt >= environment.ice.gatherTimeout { gathering.finish() }
        if machine?.isEstablished != true, now - createdAt >= environment.setupTimeout { requestClose(.setupTimeout) }
        process(.frameTick, now: now)
        alarms.ring(now: now)
        let second = 50
        if ticks % second == 0 {
            publish()
            process(.limitEffort(loop.maxEffort), now: now)
        }
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
    func process(_ input: PeerInput, now: ContinuousClock.Instant = .now) {
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

    private func handleItem(_ item: DeferredInput, now: ContinuousClock.Instant) {
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

    // MARK: Output

    private func drain() {
        while let output = machine?.poll() { perform(output) }
    }

    private func perform(_ output: PeerOutput) {
        switch output {
        case .transmit(let bytes): if ice?.send(bytes) != true { PeerMetrics.shared.sendFailures.increment() }
        case .sctp(let request): perform(request)
        case .established:
            log.debug("peer established")
            ice?.follow()
            emit(.established)
        case .audio(let block):
            if !audio.append(block) { PeerMetrics.shared.audioBlocksDropped.increment() }
        case .channelOpened(let channel): emit(.channelOpened(channel))
        case .message(let message): emit(.message(message))
        case .channelClosed(let channel): emit(.channelClosed(channel))
        case .read(let reading): ice?.read(reading)
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
        PeerMetrics.shared.datagramsUnread.increment(by: ice?.media?.takeDropped() ?? 0)
        guard let counters = machine?.counters else { return }
        PeerMetrics.shared.add(counters, since: published)
        published = counters
    }

    /// The one end of every call, whatever its cause; nothing is left behind.
    func end(_ reason: PeerCloseReason) {
        guard ending.begin(reason) else { return }
        publish()
        PeerMetrics.shared.closed(reason)
        log.debug("peer closed", metadata: ["reason": "\(reason.label)"])
        releaseAssociation()
        ice?.close()
        ice = nil
        gathering.finish()
        alarms.cancelAll()
        loop.leave(self)
        playout.close()
        audio.finish()
        eventsOut.finish()
        ending.finish()
    }
}
