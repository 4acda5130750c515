import AudioPipeline
import PeerTransport
import VoiceSession

/// A peer connection as a session sees it.
struct PeerSessionTransport: SessionTransport {
    let peer: PeerConnection
    let onEstablished: @Sendable () -> Void

    var audio: AsyncStream<PCMBlock> { peer.audio }

    var messages: AsyncCompactMapSequence<AsyncStream<PeerEvent>, TransportMessage> {
        peer.events.compactMap { [onEstablished] event in
            switch event {
            case .established:
                onEstablished()
                return nil
            case .message(let message): return TransportMessage(message)
            case .channelOpened, .channelClosed: return nil
            }
        }
    }

    func send(_ message: TransportMessage) async {
        await peer.send(DataChannelMessage(message))
    }

    func play(_ samples: [Int16], generation: Generation) async {
        _ = await peer.playout.enqueue(samples, generation: generation)
    }

    var queuedAudio: Duration {
        .seconds(Double(peer.playout.queuedSamples) / Double(peer.playout.rate.hertz))
    }

    func discardAudio(before generation: Generation) {
        peer.playout.discard(before: generation)
    }

    func close() {
        peer.close(.hangUp)
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
