import AudioPipeline
import SessionEngine

/// Gives the client back what it says and sends: for testing a path, and what the media plane costs.
///
/// Audio is decoded, handed up, queued and encoded again, as for any other session. What arrives in a burst after a
/// pause is dropped beyond three frames: an echo that stayed late for the rest of the call would be of no use.
package struct LoopbackDriver: SessionDriver {
    /// The model name that selects it.
    package static let model = "parley-loopback"
    private static let maxLag = Duration.milliseconds(60)

    package init() {}

    package func run(_ transport: any SessionTransport) async {
        await withTaskGroup { group in
            group.addTask {
                guard let media = transport.media else { return }
                for await block in media.audio where media.queuedAudio < Self.maxLag {
                    media.play(block.samples, generation: Generation(rawValue: 0))
                }
            }
            group.addTask {
                for await case .message(let message) in transport.inputs { transport.send(message) }
            }
        }
    }

    package func attach(_ transport: any SessionTransport) async { transport.close(.clientLeft) }
}
