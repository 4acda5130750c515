import ArgumentParser

/// The command; each subcommand parses its arguments and calls the modules, nothing else.
@main struct Parley: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley",
        abstract: "The OpenAI Realtime API, self-hosted.",
        subcommands: [Serve.self, Call.self, Keys.self, Models.self, Voices.self, ConfigKeys.self])
}
