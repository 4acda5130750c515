import ArgumentParser

/// Measures the media plane. Free of NIO, so that it builds quickly under sanitizers.
@main struct PeerBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peer-bench", abstract: "Soak and measure Parley's media plane.",
        subcommands: [
            Soak.self, Bars.self, Rivals.self, Conversation.self, CallsPerCore.self, Floor.self,
            PassThrough.self,
        ])
}
