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

    @OptionGroup var shared: PartOptions

    @Option(help: "Speech for both directions: WAV, 16-bit PCM mono.")
    var speech = "Tests/Interop/fixtures/speech.wav"

    @Option(help: "Calls at once for bar 1.")
    var calls = 20

    @Option(help: "Seconds per window; three windows, the median counts.")
    var seconds = 8

    @Option(help: "Calls set up one after the other for bars 5 and 5b.")
    var setups = 200

    @Flag(help: "Bars 5 and 5b alone.")
    var setupAlone = false

    @Option(help: "Seconds after which the whole run is given up.")
    var limitSeconds = 600

    @Option(help: "Also write the table as Markdown to this file.")
    var output: String?

    func run() async throws {
        Watchdog.start(limitSeconds: limitSeconds, of: "bars")
        // Bar 1 is read with error correction.
        let gateway = try GatewayProcess(program: shared.server, address: shared.address, .fixedEffort(expectedLoss: 5))
        let endpoint = try Self.endpoint(shared.address)
        var report = PartReport()
        do { report.rows = try await measure(Bench(gateway: gateway, endpoint: endpoint)) } catch {
            await gateway.stop()
            throw error
        }
        await gateway.stop()
        await endpoint.stop()
        try report.publish(to: shared.rows)
        if let output { try Row.table(report.rows).write(toFile: output, atomically: true, encoding: .utf8) }
    }

    private func measure(_ bench: Bench) async throws -> [Row] {
        if setupAlone { return try await setupRows(bench) }
        var rows = try await bench.idleThreadsAndMemory()
        rows += try await bench.cost(
            calls: calls, speech: SpeechFile.read(URL(filePath: speech), at: .hz24000), seconds: seconds)
        rows += try await setupRows(bench)
        rows += try await bench.echo()
        return rows
    }

    /// A set-up is what bar 5 times, from the POST to DTLS being up: calls of sound alone. The rows below have the data channel and its events too.
    private func setupRows(_ bench: Bench) async throws -> [Row] {
        let bare = try await bench.setup(bench.gateway.signalling, count: setups, data: false)
        let full = try await bench.setup(bench.gateway.signalling, count: setups)
        func row(_ id: String, _ name: String, _ cost: SetupCost, _ perCall: Double, _ limits: Limits?, _ words: String)
            -> Row
        {
            Row(id, name, perCall / cost.handshake, limits, note: "\(ms(perCall)) ÷ \(ms(cost.handshake))\(words)")
        }
        return [
            row(
                "5b", "set-up CPU ÷ one P-256 handshake", bare, bare.setupPerCall, .atMost(4, then: 2),
                ", CPU of the gateway per call until it is up; audio only"),
            row("5b-data", "the same with data channel", full, full.setupPerCall, nil, ""),
            row("5b-end", "the same with data channel, and the end of the call", full, full.wholePerCall, nil, ""),
            try await setupBesideJanus(bench, withData: full.times.median),
        ]
    }

    /// Bar 5; `withData`: the median with a data channel, which EchoTest's calls are without.
    private func setupBesideJanus(_ bench: Bench, withData: Double) async throws -> Row {
        guard FileManager.default.isExecutableFile(atPath: shared.janus), shared.address != MachineAddress.loopback
        else {
            return Row(
                "5", "set-up p50 (POST → DTLS up), ms", withData * 1_000, nil,
                note: "no Janus here, or no interface but loopback, which it leaves out")
        }
        let rival = try await JanusProcess(program: shared.janus, address: shared.address)
        do {
            // In turns, so that what else the machine does meets both.
            var (ours, theirs): ([Double], [Double]) = ([], [])
            for _ in 0..<3 {
                theirs += try await bench.setup(
                    EchoTestSignalling(server: rival.server), count: setups / 3, data: false
                ).times
                ours += try await bench.setup(bench.gateway.signalling, count: setups / 3, data: false).times
            }
            await rival.stop()
            let (our, their) = (ours.median, theirs.median)
            return Row(
                "5", "set-up p50 (POST → DTLS up) ÷ Janus EchoTest", our / their, .atMost(1.0, then: 0.4),
                note: "\(ms(our)) ÷ \(ms(their)), audio only; with data channel \(ms(withData))")
        } catch {
            await rival.stop()
            throw error
        }
    }

    static func endpoint(_ address: String) throws -> PeerEndpoint {
        var encoder = OpusEncoderSettings()
        encoder.complexity = 0
        var configuration = PeerConfiguration(audio: AudioSettings(rate: .hz24000, encoder: encoder))
        configuration.ice.addresses = [address]
        configuration.ice.tcp = false
        return try PeerEndpoint(configuration, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    }
}
