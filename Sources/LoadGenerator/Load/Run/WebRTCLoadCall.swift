import AudioPipeline
import PeerTransport
import RealtimeProtocol

/// One call under load over WebRTC, from its place in the schedule to its hang-up.
struct WebRTCLoadCall: Sendable {
    /// Of the channel that carries the events.
    private static let label = "oai-events"
    /// An offer is made so long before its time: making it is not the server's doing.
    private static let early = Duration.milliseconds(20)
    private static let frame = Duration.milliseconds(20)

    let plan: LoadPlan
    let endpoint: PeerEndpoint
    let signalling: any Signalling
    let gauge: LoadGauge

    /// - Parameters:
    ///   - begin: when the offer is to be posted; times count from then, however late it is.
    ///   - end: when the call is hung up.
    func run(_ index: Int, talks: Bool, begin: ContinuousClock.Instant, end: ContinuousClock.Instant) async {
        guard await sleep(until: begin - Self.early) else { return }
        plan.note(.count(.calls))
        do {
            let box = CallBox(plan)
            let machine = TalkerMachine(plan.talker(index, talks: talks), now: begin)
            let audio = try TalkerAudio(plan, machine) { box.perform($0) }
            let peer = SyntheticPeer(endpoint: endpoint, id: "\(plan.group.name)-\(index)", packets: audio)
            box.connection.withLock { $0 = peer.connection }
            await call(peer, audio, box, begin: begin, end: end)
            peer.connection.close(.hangUp)
            await peer.connection.closed()
            audio.finish()
            box.connection.withLock { $0 = nil }
        } catch {
            plan.notes([.count(.failed), .reason("\(error)")])
        }
    }

    private func call(
        _ peer: SyntheticPeer, _ audio: TalkerAudio, _ box: CallBox, begin: ContinuousClock.Instant,
        end: ContinuousClock.Instant
    ) async {
        do {
            let offer = try await peer.connection.offer(audio: true, data: true)
            guard await sleep(until: begin) else { return }
            let setUp = try await peer.connect(offer, through: signalling)
            plan.notes([
                .count(.connected), .time(.postToAnswer, begin.duration(to: setUp.answered)),
                .time(.postToConnected, begin.duration(to: setUp.connected)),
            ])
        } catch {
            // What was given up is no failure of the server's.
            if !Task.isCancelled { plan.notes(LoadFailure.notes(of: error)) }
            return
        }
        gauge.begin()
        await converse(peer.connection, audio, box, end: end)
        gauge.end()
        if let first = audio.firstPacket { plan.note(.time(.postToFirstRTP, begin.duration(to: first))) }
        if let words = box.failure.withLock({ $0 }) {
            plan.notes([.count(.dropped), .reason(words)])
        } else if let reason = peer.connection.closeReason, reason != .hangUp {
            plan.notes([.count(.dropped), .reason("ended before its time: \(reason.label)")])
        }
    }

    /// Until the call's time is over, or the call is.
    private func converse(
        _ connection: PeerConnection, _ audio: TalkerAudio, _ box: CallBox, end: ContinuousClock.Instant
    ) async {
        await connection.openChannel(label: Self.label)
        await withTaskGroup { group in
            group.addTask {
                if await sleep(until: end) { connection.close(.hangUp) }
            }
            if let flood = plan.group.flood {
                group.addTask { await self.flood(flood, connection, box) }
            }
            for await event in connection.events {
                switch event {
                case .channelOpened(let opened): box.open(opened.id)
                case .message(let message):
                    box.open(message.channel)
                    guard case .string(let text) = message.payload,
                        case .object(let event)? = try? JSONParser.parse(text)
                    else { continue }
                    audio.event(event)
                case .established, .channelClosed: break
                }
            }
            group.cancelAll()
        }
    }

    private func flood(_ flood: LoadGroup.Flood, _ connection: PeerConnection, _ box: CallBox) async {
        var events = FloodEvents(flood)
        var due = ContinuousClock.now
        while await sleep(until: due) {
            // The media loop sends one of its own.
            if flood.packetsPerSecond > 50 { await connection.rush(frames: flood.packetsPerSecond / 50 - 1) }
            // What the server is too slow to take is not sent: our own end would break it off.
            if let event = events.next(after: Self.frame), await connection.unsentBytes == 0 {
                box.perform([.send(event)])
            }
            due += Self.frame
        }
    }
}

/// False where the task was cancelled first. A load keeps times of its own: there is no event to wait for.
func sleep(until instant: ContinuousClock.Instant) async -> Bool {
    (try? await Task.sleep(until: instant, tolerance: .zero, clock: .continuous)) != nil
}

/// Does what one talker's machine says, on any thread and without waiting.
final class CallBox: Sendable {
    let connection = PosixLock<PeerConnection?>(nil)
    let failure = PosixLock<String?>(nil)
    private let plan: LoadPlan
    private let channel = PosixLock<UInt16?>(nil)

    init(_ plan: LoadPlan) { self.plan = plan }

    /// The channel for events; the first one counts.
    func open(_ id: UInt16) { channel.withLock { $0 = $0 ?? id } }

    func perform(_ actions: [TalkerMachine.Action]) {
        let notes = actions.compactMap { if case .note(let note) = $0 { note } else { nil } }
        if !notes.isEmpty { plan.notes(notes) }
        for action in actions {
            switch action {
            case .send(let event): send(event)
            case .giveUp(let words):
                failure.withLock { $0 = words }
                connection.withLock { $0 }?.close(.hangUp)
            case .note: break
            }
        }
    }

    private func send(_ event: [UInt8]) {
        guard let channel = channel.withLock({ $0 }) else { return }
        connection.withLock { $0 }?.post(DataChannelMessage(channel: channel, payload: .string(event)))
    }
}
