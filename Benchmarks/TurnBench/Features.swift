import ArgumentParser
import Foundation
import SpeechEngines

/// Writes what the detector knows of every pause, for fit.py.
struct Features: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write the features of every pause, for fit.py.")

    @OptionGroup var recordings: Recordings

    @Option(help: "File to write.")
    var output = "features.tsv"

    func run() async throws {
        let labelled = try recordings.labelled()
        let half = labelled.split().flatMap { half, pauses in pauses.map { ($0, half) } }
        let halves = Dictionary(uniqueKeysWithValues: half)
        let assessor = Assessor(recordings: recordings, ears: try recordings.ears())
        var lines = [(["half", "recording", "end_ms", "label", "silence_ms", "transcript", "p"] + TurnFeatures.names)]
        for pause in labelled {
            let assessed = try await assessor.assess(pause)
            for point in assessed.points {
                lines.append(
                    [
                        halves[pause]?.rawValue ?? "", pause.recording, "\(pause.endMs)", pause.isEnd ? "end" : "hold",
                        "\(point.silenceMs)", assessed.transcript, "\(point.smartTurn)",
                    ] + point.features.values.map { "\($0)" })
            }
        }
        let text = lines.map { $0.joined(separator: "\t") }.joined(separator: "\n") + "\n"
        try text.write(toFile: output, atomically: true, encoding: .utf8)
    }
}
