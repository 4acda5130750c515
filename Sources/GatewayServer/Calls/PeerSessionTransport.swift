import AudioPipeline
import PeerTransport
import SessionEngine
import SpeechEngines
import VoiceSession

/// A peer connection as a session sees it.
final class PeerSessionTransport: ClientTransport {
    let kind = TransportKind.peer
    let profile: ClientProfile
    let maxMessageBytes: Int
    let executor: (any TaskExecutor)? = nil

    private let peer: PeerConnection
    private let onEstablished: @Sendable () async -> Void
    private let hasDeparted = PosixLock(false)

    /// `maxMessageBytes` is the peer's `a=max-message-size`.
    init(
        peer: PeerConnection, profile: ClientProfile, maxMessageBytes: Int,
        onEstablished: @escaping @Sendable () async -> Void
    ) {
        self.peer = peer
        self.profile = profile
        self.maxMessageBytes = min(maxMessageBytes, PeerConnection.maxMessageBytes)
        self.onEstablished = onEstablished
    }

    var lastHeard: ContinuousClock.Instant? { get async { await peer.lastHeard } }

    var media: (any SessionMedia)? { PeerSessionMedia(peer: peer) }

    /// The peer's events, taken out of its bounded queue one by one as the session asks for them.
    nonisolated(nonsending) func nextInput() async -> TransportInput? {
        for await event in peer.events {
            switch event {
            case .established: await onEstablished()
            case .channelOpened(let channel): return .opened(channel: channel.id)
            case .message(let message): return .message(TransportMessage(message))
            case .channelClosed: break
            }
        }
        let isLast = hasDeparted.withLock { departed in
            defer { departed = true }
            return !departed
        }
        return isLast ? .departed(peer.closeReason?.departure ?? .lost) : nil
    }

    /// No audio travels in a peer's events, so nothing waits.
    func drained(to bytes: Int) async {}

    func send(_ message: TransportMessage) { peer.post(DataChannelMessage(message)) }

    func closed() async { await peer.closed() }

    func close(_ reason: SessionEndReason) { peer.close(reason == .shutdown ? .shutdown : .hangUp) }
}

/// The RTP side of a peer connection.
struct PeerSessionMedia: SessionMedia {
    let peer: PeerConnection

    var executor: (any TaskExecutor)? { peer.executor }

    var clock: (any MonotonicClock)? { PeerClock(peer: peer) }

    var audio: ReceivedAudio { ReceivedAudio(peer.audio) }

    func hasRoom(for samples: Int, generation: Generation) -> Bool {
        peer.playout.hasRoom(for: samples, generation: generation)
    }

    func room(for samples: Int, generation: Generation) async -> Bool {
        await peer.playout.room(for: samples, generation: generation)
    }

    func play(_ samples: [Int16], generation: Generation) {
        peer.playout.append(samples, generation: generation)
    }

    var queuedAudio: Duration {
        .seconds(Double(peer.playout.queuedSamples) / Double(peer.playout.rate.hertz))
    }

    func discardAudio(_ generation: Generation) { peer.playout.discard(generation) }

    func nextPlayed() async -> [PlayedAudio] { await peer.playout.nextPlayed() }
}

extension PeerCloseReason {
    var departure: SessionInput.Departure {
        switch self {
        case .overrun: .overrun
        case _ where isGoodbye: .goodbye
        default: .lost
        }
    }
}

extension TransportMessage {
    init(_ message: DataChannelMessage) {
        let payload: Payload =
            switch message.payload {
            case .string(let bytes): .text(bytes)
            case .binary(let bytes): .binary(bytes)
            }
        self.init(channel: message.channel, payload: payload)
    }
}

extension DataChannelMessage {
    init(_ message: TransportMessage) {
        let payload: Payload =
            switch message.payload {
            case .text(let bytes): .string(bytes)
            case .binary(let bytes): .binary(bytes)
            }
        self.init(channel: message.channel, payload: payload)
    }
}
