import ArgumentParser
import Foundation
import GatewayServer
import ModelLibrary

/// The models of the embedded engine: what there is, getting it, checking it.
struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, fetch, verify and add the models of the embedded engine.",
        subcommands: [List.self, Fetch.self, Verify.self, Add.self, Remove.self])

    /// What the subcommands share: the configuration of `parley serve` says where the models are.
    struct Options: ParsableArguments {
        @Option(help: "YAML file with keys; parley.yaml is read if it is there.")
        var config: String?

        @Argument(parsing: .allUnrecognized, help: "Keys of parley serve, like --models-directory.")
        var keys: [String] = []

        func models() throws -> GatewayConfiguration.Models { try configuration().models }

        func configuration() throws -> GatewayConfiguration {
            do {
                let environment = ProcessInfo.processInfo.environment
                return try GatewayConfiguration(arguments: keys, environment: environment, file: config)
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
            let models = try options.models()
            let directory = models.directory
            let needed = models.wanted
            print("Models in \(directory.root.path), for the profile \(models.profile.rawValue):")
            for asset in ModelAsset.all {
                let isThere = directory.isPresent(asset)
                let state = isThere ? "there   " : needed.contains(asset) ? "missing " : "-       "
                print("  \(state) \(asset.folder): \(asset.purpose), \(asset.megabytes) MB, licence \(asset.licence)")
                print("           \(asset.provenance)")
                print("           from \(asset.packages.map { "\($0.name) \($0.version)" }.joined(separator: ", "))")
            }
            print("Added here (parley models add):")
            for model in directory.added {
                print(
                    "  there    \(model.name): \(model.record.kind.rawValue), \(model.megabytes) MB, "
                        + "licence \(model.record.licence)")
                print("           \(model.record.provenance)")
                print("           \(model.use)")
            }
        }
    }

    /// Downloads what is missing or damaged.
    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Download and check what models.profile needs and is missing; compiles llama.cpp the first time.")
        @Option(help: "Only this model of parley models list, needed or not; several may be named.")
        var only: [String] = []

        @OptionGroup var options: Options

        func run() throws {
            let models = try options.models()
            let wanted = try only.isEmpty ? models.wanted : only.map(Self.model)
            let printer = FetchPrinter()
            let fetcher = ModelFetcher(
                directory: models.directory, mirror: models.mirror, report: printer.print)
            try reporting("fetch") { try fetcher.fetch(wanted) }
            print("All models are in \(models.directory.root.path).")
        }

        private static func model(named name: String) throws -> ModelAsset {
            if let asset = ModelAsset.all.first(where: { $0.name == name || $0.folder == name }) { return asset }
            complain("parley models fetch: there is no model \(name); there are \(ModelAsset.all.map(\.name))")
            throw ExitCode.validationFailure
        }
    }

    /// Reads every byte of every model.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Check every model that is there or needed against its pinned hash; exit status 1 when one is missing or wrong."
        )
        @OptionGroup var options: Options

        func run() throws {
            let models = try options.models()
            let directory = models.directory
            let needed = models.wanted
            var wrong = 0
            for model in directory.added {
                do {
                    try model.verify()
                    print("good  \(model.name)")
                } catch {
                    print("bad   \(model.name): \(error)")
                    wrong += 1
                }
            }
            for asset in ModelAsset.all where directory.isPresent(asset) || needed.contains(asset) {
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

/// Says in the command's words what failed, and ends with status 1.
func reporting(_ command: String, _ body: () throws -> Void) throws {
    do {
        try body()
    } catch {
        complain("parley models \(command): \(error)")
        throw ExitCode.failure
    }
}

func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
