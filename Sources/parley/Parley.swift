import ArgumentParser
import Glibc

/// The command; each subcommand parses its arguments and calls the modules, nothing else.
@main struct Parley: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley",
        abstract: "The OpenAI Realtime API, self-hosted.",
        subcommands: [
            Serve.self, Call.self, Load.self, Replay.self, Keys.self, Models.self, Voices.self, DoctorCommand.self,
            ConfigKeys.self,
        ])

    static func main() async {
        // A file that may not grow (setrlimit(2)) is an error of what writes it, which knows what to remove.
        signal(SIGXFSZ, SIG_IGN)
        await main(nil)
    }
}
