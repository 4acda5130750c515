import ArgumentParser
import Foundation
import GatewayServer
import ModelLibrary

extension Models {
    /// Puts a model of the user's own into the library.
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a model of your own into the library: a GGUF file, or a directory for sherpa-onnx.",
            discussion: """
                parley models add mistral --file mistral-7b-instruct.Q4_K_M.gguf --licence Apache-2.0
                parley models add piper-joe --file ./vits-piper-en_US-joe-medium
                parley models add whisper --url https://…/sherpa-onnx-whisper-small.tar.bz2 --sha256 0123…

                An interrupted download goes on when the command is given again.
                """)

        @Argument(help: "The name by which the configuration uses it.")
        var name: String

        @Option(help: "A GGUF file, or a directory with a recogniser or voice that sherpa-onnx runs.")
        var file: String?

        @Option(help: "The same to download: a GGUF file, or an archive (.tar.bz2, .tar.gz, .zip).")
        var url: String?

        @Option(help: "SHA-256 of what the URL gives, in hexadecimal.")
        var sha256: String?

        @Option(help: "Its licence, for parley models list.")
        var licence: String?

        @Option(help: "Where you have it from, for parley models list.")
        var provenance: String?

        @OptionGroup var options: Options

        func validate() throws {
            guard (file == nil) != (url == nil) else { throw ValidationError("Give either --file or --url.") }
            guard url != nil || sha256 == nil else { throw ValidationError("--sha256 goes with --url.") }
            guard let sha256 else {
                if url != nil { throw ValidationError("A URL needs --sha256: what it gives may change.") }
                return
            }
            guard sha256.count == 64, sha256.allSatisfy(\.isHexDigit) else {
                throw ValidationError("--sha256 must be 64 hexadecimal digits.")
            }
        }

        func run() throws {
            let source: ModelAdder.Source =
                if let url, let sha256 { .url(url, sha256: sha256.lowercased()) } else { .path(file ?? "") }
            let directory = try options.models().directory
            try reporting("add") {
                let printer = FetchPrinter()
                let model = try ModelAdder(directory: directory, report: printer.print).add(
                    name, from: source, licence: licence, provenance: provenance)
                print("\(name) is in \(model.folder.path): \(model.record.kind.rawValue), \(model.megabytes) MB,")
                print("licence: \(model.record.licence). Use it with this line of parley.yaml, or as a flag:")
                print("  \(model.use)")
            }
        }
    }

    /// Takes such a model out again.
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a model that parley models add put there.")

        @Argument(help: "Its name.")
        var name: String
        @OptionGroup var options: Options

        func run() throws {
            let directory = try options.models().directory
            try reporting("remove") { try ModelAdder(directory: directory, report: { _ in }).remove(name) }
        }
    }
}
