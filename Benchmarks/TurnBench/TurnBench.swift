import ArgumentParser

/// Measures when Parley takes a turn to be over.
@main struct TurnBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "turn-bench", abstract: "Measure the end of turns on labelled pauses, and what listening costs.",
        subcommands: [Measure.self, Label.self, Features.self, VoiceActivity.self], defaultSubcommand: Measure.self)
}
