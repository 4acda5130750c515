import ArgumentParser
import Foundation
import Glibc
import ModelLibrary

/// Fetches models while everything else is still being built: it needs a minute to build, not a quarter of an hour.
///
/// `parley models fetch`, which knows the whole configuration, runs after the build and finds them there.
@main struct ParleyFetch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley-fetch",
        abstract: "Fetch the models of parley before parley is built; takes its flags and its environment.")

    @Option(help: "As of parley serve.")
    var modelsDirectory: String?

    @Option(help: "As of parley serve.")
    var modelsMirror: String?

    @Option(help: "As of parley serve.")
    var modelsProfile: String?

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var others: [String] = []

    static func main() {
        // As in parley itself.
        signal(SIGXFSZ, SIG_IGN)
        main(nil)
    }

    func run() throws {
        guard !others.contains(where: { $0.hasPrefix("--config") }),
            !FileManager.default.fileExists(atPath: "parley.yaml")
        else {
            print("A configuration file may say where models are: they are fetched after the build.")
            return
        }
        let environment = ProcessInfo.processInfo.environment
        let profile = (modelsProfile ?? environment["PARLEY_MODELS_PROFILE"]).flatMap(ModelProfile.init(rawValue:))
        let directory =
            modelsDirectory ?? environment["PARLEY_MODELS_DIRECTORY"]
            ?? ModelDirectory.defaultPath(environment: environment)
        let printer = FetchPrinter()
        do {
            try ModelFetcher(
                directory: ModelDirectory(path: directory), mirror: modelsMirror ?? environment["PARLEY_MODELS_MIRROR"],
                report: printer.print
            ).fetch((profile ?? .auto).assets)
        } catch {
            FileHandle.standardError.write(Data("parley-fetch: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }
}
