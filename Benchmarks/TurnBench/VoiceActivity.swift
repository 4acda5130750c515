import ArgumentParser
import AudioPipeline
import Foundation
import LoadGenerator
import ModelLibrary
import SpeechEngines

/// What listening costs: Silero for many streams at once beside one at a time (bar 10).
struct VoiceActivity: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure voice activity for many streams at once beside one at a time.")

    private static let rate = 16_000.0

    @Option(help: "What the streams hear, again and again: WAV, 16-bit PCM mono.")
    var speech = "Tests/Interop/fixtures/speech.wav"

    @Option(help: "Folder of the models; by default where `parley models fetch` puts them.")
    var models = ModelDirectory.defaultPath(environment: ProcessInfo.processInfo.environment)

    @Option(help: "Streams at once.")
    var streams = 16

    @Option(help: "Seconds of sound that each stream hears in a window.")
    var seconds = 20

    @Option(help: "Windows of each, in turns; the median ratio counts.")
    var rounds = 5

    @Option(help: "Also write the row as JSON to this file.")
    var rows: String?

    func run() async throws {
        guard ModelDirectory(path: models).isPresent(.sileroVAD) else {
            return try publish(
                [], skipped: ["Voice activity is left out: its model is not in \(models) (make models)."])
        }
        let detector = try LocalEars.load(from: ModelDirectory(path: models)).voiceActivity
        let windows = try Self.windows(SpeechFile.read(URL(filePath: speech), at: .hz16000), seconds: seconds)
        // First runs take longer.
        _ = try await cost(of: detector, windows, streams: streams)
        var costs: [(one: Double, many: Double)] = []
        for _ in 0..<rounds {
            costs.append(
                (
                    try await cost(of: detector, windows, streams: 1),
                    try await cost(of: detector, windows, streams: streams)
                ))
        }
        let median = costs.sorted { $0.many / $0.one < $1.many / $1.one }[costs.count / 2]
        let row: [String: Any] = [
            "key": "10", "what": "Silero per call at \(streams) streams ÷ one stream at a time",
            "value": median.many / median.one, "limits": ["side": "atMost", "first": 0.45, "then": 0.25],
            "note": String(format: "%.2f ÷ %.2f ms of CPU per call-second", median.many, median.one),
        ]
        try publish([row], skipped: [])
    }

    /// Milliseconds of CPU for a second of one stream; a stream's next window comes when the last was judged.
    private func cost(of detector: SileroDetector, _ windows: [[Int16]], streams: Int) async throws -> Double {
        let probe = ProcessProbe()
        let before = probe.cpuSeconds
        try await withThrowingTaskGroup { group in
            for _ in 0..<streams {
                let stream = detector.makeStream()
                group.addTask { for window in windows { _ = try await stream.probability(in: window) } }
            }
            try await group.waitForAll()
        }
        let heard = Double(windows.count * voiceActivityWindow * streams) / Self.rate
        return 1_000 * (probe.cpuSeconds - before) / heard
    }

    private static func windows(_ samples: [Int16], seconds: Int) -> [[Int16]] {
        let speech = stride(from: 0, through: samples.count - voiceActivityWindow, by: voiceActivityWindow).map {
            Array(samples[$0..<$0 + voiceActivityWindow])
        }
        guard !speech.isEmpty else { return [] }
        return (0..<seconds * Int(rate) / voiceActivityWindow).map { speech[$0 % speech.count] }
    }

    private func publish(_ found: [[String: Any]], skipped: [String]) throws {
        let report = try JSONSerialization.data(
            withJSONObject: ["rows": found, "skipped": skipped, "table": [String]()],
            options: [.prettyPrinted, .sortedKeys])
        for row in found { print("\(row["what"] ?? ""): \(row["value"] ?? "") (\(row["note"] ?? ""))") }
        for words in skipped { print(words) }
        if let rows { try report.write(to: URL(filePath: rows)) }
    }
}
