import AudioPipeline

/// Gives the client back what it says and sends: for testing a path, and what the media plane costs.
///
/// Audio is decoded, handed up, queued and encoded again, as for any other session. What arrives in a burst after a
/// pause is dropped beyond three frames: an echo that stayed late for the rest of the call would be of no use.
package struct LoopbackDriver: SessionDriver {
    private static let maxLag = Duration.milliseconds(60)

    package init() {}

    package func run<Transport: SessionTransport>(_ transport: Transport) async {
        await withTaskGroup { group in
            group.addTask {
                for await block in transport.audio where transport.queuedAudio < Self.maxLag {
                    await transport.play(block.samples, generation: Generation(rawValue: 0))
                }
            }
            group.addTask {
                for await message in transport.messages { await transport.send(message) }
            }
        }
    }
}
