import AudioPipeline

/// Gives the client back what it says and sends: for testing a path, and what the media plane costs.
///
/// Audio is decoded, handed up, queued and encoded again, as for any other session.
package struct LoopbackDriver: SessionDriver {
    package init() {}

    package func run<Transport: SessionTransport>(_ transport: Transport) async {
        await withTaskGroup { group in
            group.addTask {
                for await block in transport.audio {
                    await transport.play(block.samples, generation: Generation(rawValue: 0))
                }
            }
            group.addTask {
                for await message in transport.messages { await transport.send(message) }
            }
        }
    }
}
