import ArgumentParser
import Foundation
import RealtimeProtocol

/// eot-bench's figures on the labelled pauses.
struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Measure the end of turns on the labelled pauses.")

    @OptionGroup var recordings: Recordings

    @Option(help: "Also write the tables as Markdown to this file, between its marks.")
    var output: String?

    private static let marks = ("<!-- make bench-turns writes from here -->", "<!-- to here -->")

    func run() async throws {
        let labelled = try recordings.labelled()
        let assessor = Assessor(recordings: recordings, ears: try recordings.ears())
        var assessed: [Pause: Assessor.Assessed] = [:]
        for pause in labelled { assessed[pause] = try await assessor.assess(pause) }
        var text = ""
        for (half, pauses) in labelled.split().sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            text += Report(half: half, assessed: pauses.compactMap { assessed[$0] }).markdown
        }
        print(text)
        if let output { try write(text, into: output) }
    }

    private func write(_ text: String, into path: String) throws {
        let file = try String(contentsOfFile: path, encoding: .utf8)
        guard let start = file.range(of: Self.marks.0), let end = file.range(of: Self.marks.1) else {
            throw ValidationError("\(path) lacks the marks to write between")
        }
        let whole = file[..<start.upperBound] + "\n\n" + text + "\n" + file[end.lowerBound...]
        try whole.write(toFile: path, atomically: true, encoding: .utf8)
    }
}
