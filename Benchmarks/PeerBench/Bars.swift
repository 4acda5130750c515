import ArgumentParser
import AudioPipeline
import Foundation
import LoadGenerator
import Logging
import PeerTransport

/// The bars of the media plane that can be read today, as ratios within one run.
struct Bars: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start a gateway and measure it: cost per call, set-up, memory, threads, echo delay.")

    @Option(help: "The gateway's program.")
    var server = ".build/release/parley"

    @Option(help: "Speech for both directions: WAV, 16-bit PCM mono.")
    var speech = "Tests/Interop/fixtures/speech.wav"

    @Option(help: "Calls at once for bar 1.")
    var calls = 20

    @Option(help: "Seconds per window; three windows, the median counts.")
    var seconds = 8

    @Option(help: "Calls set up one after the other for bars 5 and 5b.")
    var setups = 60

    @Option(help: "Address for media; it must be one of this machine.")
    var address = "127.0.0.1"

    @Option(help: "Janus's program; its bar is left out when it is not installed.")
    var janus = "/usr/bin/janus"

    @Option(help: "Also write the table as Markdown to this file.")
    var output: String?

    func run() async throws {
        let gateway = try await GatewayProcess(program: server, address: address)
        defer { gateway.stop() }
        let endpoint = try Self.endpoint(address)
        let bench = Bench(gateway: gateway, endpoint: endpoint)
        var rows: [Row] = []
        rows += try await bench.idleThreadsAndMemory()
        rows += try await bench.cost(
            calls: calls, speech: SpeechFile.read(URL(filePath: speech), at: .hz24000), seconds: seconds)
        rows += try await setupRows(bench)
        rows += try await bench.echo()
        let table = Row.table(rows)
        print(table)
        if let output { try table.write(toFile: output, atomically: true, encoding: .utf8) }
        await endpoint.stop()
    }

    private func setupRows(_ bench: Bench) async throws -> [Row] {
        let ours = try await bench.setup(bench.gateway.signalling, count: setups)
        let handshake = try HandshakeCost.measure()
        var rows = [
            Row(
                "5b", "set-up CPU ÷ one P-256 handshake", ours.cpuPerCall / handshake, "≤ 4",
                passes: ours.cpuPerCall / handshake <= 4,
                note: "\(ms(ours.cpuPerCall)) ÷ \(ms(handshake)), CPU of the gateway per call, set-up and end")
        ]
        guard FileManager.default.isExecutableFile(atPath: janus) else {
            return rows + [
                Row("5", "set-up p50 (POST → DTLS up)", ours.median, "", passes: nil, note: "s; no Janus here")
            ]
        }
        let rival = try await JanusProcess(program: janus)
        defer { rival.stop() }
        let theirs = try await bench.setup(rival.signalling, count: setups, data: false)
        let again = try await bench.setup(bench.gateway.signalling, count: setups, data: false)
        rows.append(
            Row(
                "5", "set-up p50 (POST → DTLS up) ÷ Janus EchoTest", again.median / theirs.median, "≤ 1.0",
                passes: again.median <= theirs.median,
                note: "\(ms(again.median)) ÷ \(ms(theirs.median)), audio only; with data channel \(ms(ours.median))"))
        return rows
    }

    private static func endpoint(_ address: String) throws -> PeerEndpoint {
        var encoder = OpusEncoderSettings()
        encoder.complexity = 0
        var configuration = PeerConfiguration(audio: AudioSettings(rate: .hz24000, encoder: encoder))
        configuration.ice.addresses = [address]
        configuration.ice.tcp = false
        return try PeerEndpoint(configuration, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    }
}

/// Seconds as milliseconds, for reading.
func ms(_ seconds: Double) -> String { String(format: "%.1f ms", seconds * 1_000) }

/// One line of the report.
struct Row {
    let bar: String
    let what: String
    let value: Double
    let limit: String
    let passes: Bool?
    let note: String

    init(_ bar: String, _ what: String, _ value: Double, _ limit: String, passes: Bool?, note: String) {
        self.bar = bar
        self.what = what
        self.value = value
        self.limit = limit
        self.passes = passes
        self.note = note
    }

    static func table(_ rows: [Row]) -> String {
        let lines = rows.map { row in
            let verdict = row.passes.map { $0 ? "met" : "not met" } ?? "-"
            return
                "| \(row.bar) | \(row.what) | \(String(format: "%.2f", row.value)) | \(row.limit) | \(verdict) | \(row.note) |"
        }
        return (["| # | bar | measured | first | verdict | absolute |", "|---|---|---|---|---|---|"] + lines)
            .joined(separator: "\n") + "\n"
    }
}
