import AudioPipeline
package import PeerTransport
import RealtimeProtocol

/// A conversation from recordings over WebRTC: does what its `CallMachine` says, and records both sides.
package actor SpokenCall {
    /// Of the channel that carries the events.
    private static let label = "oai-events"

    private let endpoint: PeerEndpoint
    private let connection: PeerConnection
    private let onTurn: @Sendable (CallTurn) -> Void
    private var machine: CallMachine
    private var recording = CallRecording()
    private var report = CallReport()
    private var channel: UInt16?
    private var failure: CallFailure?
    private var isOver = false

    private init(
        _ endpoint: PeerEndpoint, _ peer: SyntheticPeer, _ machine: CallMachine,
        _ onTurn: @escaping @Sendable (CallTurn) -> Void
    ) {
        self.endpoint = endpoint
        connection = peer.connection
        self.machine = machine
        self.onTurn = onTurn
    }

    /// Places a call, says every utterance, waits for each answer to be heard, and hangs up.
    ///
    /// - Parameter onTurn: called after each turn.
    /// - Throws: `SignallingError` when the call is not answered, `CallFailure` when it comes to nothing.
    package static func run(
        _ utterances: [Utterance], settings: CallSettings, through signalling: some Signalling,
        endpoint: PeerEndpoint, onTurn: @escaping @Sendable (CallTurn) -> Void = { _ in }
    ) async throws -> CallReport {
        let peer = SyntheticPeer(endpoint: endpoint, id: "caller")
        do {
            let setUp = try await peer.call(signalling)
            let machine = CallMachine(utterances, settings: settings, now: .now)
            return try await SpokenCall(endpoint, peer, machine, onTurn).converse(setUp: setUp)
        } catch {
            peer.connection.close(.hangUp)
            await peer.connection.closed()
            throw error
        }
    }

    private func converse(setUp: Duration) async throws -> CallReport {
        report.setUp = setUp
        await connection.openChannel(label: Self.label)
        await withTaskGroup { group in
            group.addTask { await self.speak() }
            group.addTask { await self.listen() }
            group.addTask { await self.follow() }
        }
        await connection.closed()
        if let failure { throw failure }
        report.caller = recording.caller
        report.answer = machine.origin.map { recording.answer(since: $0) } ?? []
        report.lateFrames = Int(connection.playout.counters.underruns) + endpoint.tickOverruns
        return report
    }

    /// Keeps the microphone supplied, by the pace at which it sends.
    private func speak() async {
        var sent = 0
        await perform(machine.sent(0, now: .now))
        while !isOver {
            let played = await connection.playout.nextPlayed()
            guard let last = played.last else { return }
            sent = last.samples
            await perform(machine.sent(sent, now: .now))
        }
    }

    private func listen() async {
        for await block in connection.audio {
            let now = ContinuousClock.now
            recording.heard(block, at: now)
            machine.received(block, now: now)
        }
    }

    private func follow() async {
        for await event in connection.events {
            switch event {
            case .channelOpened(let opened): channel = channel ?? opened.id
            case .message(let message): await receive(message)
            case .established, .channelClosed: break
            }
        }
        await perform(machine.ended(reason: connection.closeReason?.label ?? "unknown"))
    }

    private func receive(_ message: DataChannelMessage) async {
        let now = ContinuousClock.now
        channel = channel ?? message.channel
        guard case .string(let text) = message.payload, case .object(let event)? = try? JSONParser.parse(text) else {
            return
        }
        await perform(machine.event(event, now: now))
    }

    /// The caller's sound has room by the machine's small lead, so that nothing here waits long.
    private func perform(_ actions: [CallMachine.Action]) async {
        for action in actions {
            switch action {
            case .send(let event):
                guard let channel else { continue }
                await connection.send(DataChannelMessage(channel: channel, payload: .string(event)))
            case .say(let samples):
                recording.said(samples)
                _ = await connection.playout.enqueue(samples, generation: Generation(rawValue: 0))
            case .turnEnded(let turn):
                report.turns.append(turn)
                onTurn(turn)
            case .hangUp: hangUp()
            case .giveUp(let reason):
                failure = reason
                hangUp()
            }
        }
    }

    private func hangUp() {
        isOver = true
        connection.close(.hangUp)
    }
}
