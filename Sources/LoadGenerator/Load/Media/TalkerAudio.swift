import AudioPipeline
package import PeerTransport
import RealtimeProtocol
package import Wire

/// The sound of one talker over WebRTC: its machine is asked for each frame on the media loop, without a hop.
package final class TalkerAudio: PacketAudio {
    private struct State {
        var machine: TalkerMachine
        var stream = ReceivedStream()
        var own = PacingMeter(clockRate: 1_000)
        var random: SeededGenerator
        var frames = 0
        var sent = 0
        /// Nothing was sent in the frame before.
        var wasQuiet = true
        var firstPacket: ContinuousClock.Instant?
        let detector: SoundDetector
    }

    private let plan: LoadPlan
    private let state: PosixLock<State>
    private let perform: @Sendable ([TalkerMachine.Action]) -> Void

    /// - Parameter perform: is told what the machine wants, on any thread, and does it without waiting.
    init(
        _ plan: LoadPlan, _ machine: TalkerMachine, perform: @escaping @Sendable ([TalkerMachine.Action]) -> Void
    ) throws {
        self.plan = plan
        self.perform = perform
        let random = SeededGenerator(seed: plan.seed &+ UInt64(bitPattern: Int64(machine.settings.index)))
        state = PosixLock(
            State(machine: machine, random: random, detector: try SoundDetector(decodes: plan.group.decodes)))
    }

    /// When the first packet came.
    var firstPacket: ContinuousClock.Instant? { state.withLock { $0.firstPacket } }

    package func frame(
        into room: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant
    ) -> PacketAudioFrame? {
        // The tick's own time is that of its first member.
        let now = ContinuousClock.now
        let (bytes, frame, actions) = state.withLock { next(&$0, now: now) }
        if !actions.isEmpty { perform(actions) }
        guard let bytes, bytes.count <= room.count else { return nil }
        room.copyBytes(from: bytes)
        return frame
    }

    package func received(_ header: RTPHeader, payload: UnsafeRawBufferPointer, now: ContinuousClock.Instant) {
        let (actions, late) = state.withLock { state in
            state.firstPacket = state.firstPacket ?? now
            state.stream.receive(header, now: now)
            let actions = state.detector.sound(in: payload).map { state.machine.sound($0, now: now) } ?? []
            return (actions, state.stream.takePacing())
        }
        if !actions.isEmpty { perform(actions) }
        if !late.isEmpty { perform(late.map { .note(.time(.pacing, $0)) }) }
    }

    /// A server event.
    func event(_ event: JSONObject) {
        let now = ContinuousClock.now
        let actions = state.withLock { $0.machine.event(event, now: now) }
        if !actions.isEmpty { perform(actions) }
    }

    /// The call is over: what its stream was like.
    func finish() {
        let notes = state.withLock { state in
            var notes: [LoadNote] = [
                .count(.packetsSent, state.sent), .count(.packetsReceived, state.stream.received),
                .count(.packetsLost, state.stream.lost),
            ]
            if state.stream.received > 0 { notes.append(.time(.jitter, state.stream.jitterTime)) }
            notes += state.stream.takePacing(isLast: true).map { .time(.pacing, $0) }
            notes += state.own.take(isLast: true).map { .time(.generatorPacing, $0) }
            return notes
        }
        perform(notes.map { .note($0) })
    }

    private func next(
        _ state: inout State, now: ContinuousClock.Instant
    ) -> ([UInt8]?, PacketAudioFrame, [TalkerMachine.Action]) {
        let (frame, wanted) = state.machine.frame(now: now)
        var actions = wanted
        state.frames += 1
        if plan.group.flood == nil {
            state.own.receive(timestamp: Int64(state.frames) * 20, now: now)
            actions += state.own.take().map { .note(.time(.generatorPacing, $0)) }
        }
        guard let bytes = plan.bytes(of: frame, number: state.frames) else {
            state.wasQuiet = true
            return (nil, PacketAudioFrame(bytes: 0), actions)
        }
        let isLost = plan.group.lossShare > 0 && Double.random(in: 0..<1, using: &state.random) < plan.group.lossShare
        defer { state.wasQuiet = false }
        state.sent += 1
        return (bytes, PacketAudioFrame(bytes: bytes.count, startsTalkspurt: state.wasQuiet, isLost: isLost), actions)
    }
}
