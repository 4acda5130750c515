import ArgumentParser
import Foundation
import GatewayServer

/// The voices of the embedded engine.
struct Voices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the voices and who speaks for each voice name of the Realtime API; speak samples of them.")

    @Option(help: "Speak a sample of this voice, or of \"all\".")
    var sample: String?

    @Option(help: "What the sample says.")
    var text: String?

    @Option(help: "WAV file for the sample; for \"all\" a directory. The voice's name is the default.")
    var out: String?

    @OptionGroup var options: Models.Options

    func run() async throws {
        do {
            let show = try VoiceShow(try options.configuration())
            guard let sample else { return print(show.list) }
            if sample != "all", !show.knows(sample) {
                throw ValidationError("There is no voice \(sample): parley voices lists them.")
            }
            for name in sample == "all" ? show.names : [sample] {
                let path = path(of: name)
                let cost = try await show.sample(name, saying: text, to: path)
                print("\(name): \(path): \(cost)")
            }
        } catch let error as GatewayError {
            complain("parley voices: \(error)")
            throw ExitCode.failure
        }
    }

    private func path(of name: String) -> String {
        guard sample == "all" else { return out ?? "\(name).wav" }
        return (out.map { $0 + "/" } ?? "") + "\(name).wav"
    }
}
