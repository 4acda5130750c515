import ArgumentParser
import AudioPipeline
import Foundation
import LoadGenerator
import PeerTransport

/// How many calls fill a core, of Parley as it comes and of others: bars 3b and 4.
///
/// Every server has the same core for itself, and as many calls as take 80 % of it. Parley's encoders do then what they do on a
/// busy machine: less (`audio.complexity-follows-load`).
struct CallsPerCore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls-per-core",
        abstract: "Fill one core with calls, of Parley as it comes, of aiortc and of Janus.")

    /// Of a core.
    static let full = 0.8

    @OptionGroup var shared: PartOptions

    @Option(help: "What the scripted engine says in conversation.")
    var script = "Benchmarks/Load/script.json"

    @Option(help: "The user's words, about 3 s: WAV, 16-bit PCM mono.")
    var speech = "Tests/Interop/fixtures/speech.wav"

    @Option(help: "Windows of each server, in turns, once all are full; the median of the rounds' ratios counts.")
    var rounds = 7

    @Option(help: "A Python that has aiortc.")
    var python = ".venv/bin/python"

    @Option(help: "Seconds after which the whole run is given up.")
    var limitSeconds = 1_500

    func run() async throws {
        Watchdog.start(limitSeconds: limitSeconds, of: "calls-per-core")
        // Whatever is left when a part could not go on.
        defer { ServerProcess.killAll() }
        try Core.leaveToServer()
        let endpoint = try Bars.endpoint(shared.address)
        let samples = try SpeechFile.read(URL(filePath: speech), at: .hz24000)
        var report = PartReport()
        await part("aiortc", &report) { try await talking(OpusFrames.of(samples), endpoint) }
        await part("Janus", &report) { try await conversing(Talk(samples), endpoint) }
        await endpoint.stop()
        try report.publish(to: shared.rows)
    }

    /// What cannot be had is said.
    private func part(_ rival: String, _ report: inout PartReport, _ body: () async throws -> PartReport) async {
        do {
            let found = try await body()
            report.rows += found.rows
            report.skipped += found.skipped
        } catch {
            report.skipped.append("calls per core beside \(rival) are left out: \(words(for: error))")
        }
    }

    /// All talk without pause and are answered with sound: bar 4.
    private func talking(_ frames: [[UInt8]], _ endpoint: PeerEndpoint) async throws -> PartReport {
        let shipped = try aiortc([])
        defer { shipped.stop() }
        let patched = try aiortc(["--without-levels"])
        defer { patched.stop() }
        let gateway = try gateway(script: nil)
        var servers = [
            parley(gateway, calls: 90),
            RivalServer(
                RivalRows.aiortcLevels, calls: 6, AudioLevelSignalling(server: shipped.signalling), shipped.probe),
            RivalServer(RivalRows.aiortc, calls: 20, patched.signalling, patched.probe),
        ]
        let window = CallWindow(endpoint: endpoint, warmUp: 8, seconds: 8)
        await servers.fill(Self.full, rounds: rounds) { server in
            try await window.figures(of: server, data: false, leastHeard: 0.9) { LoopedAudio(frames, from: 7 * $0) }
        }
        await gateway.stop()
        let rows = FullCoreRows(servers: servers)
        return PartReport(
            rows: [
                rows.row("4-shipped", RivalRows.aiortcLevels, .atLeast(9, then: 14)),
                rows.row("4", RivalRows.aiortc, .atLeast(4, then: 5.5)),
            ].compactMap { $0 }, skipped: servers.failures)
    }

    /// The user speaks 40 % of the time and the answer lasts 40 %: bar 3b.
    private func conversing(_ talk: Talk, _ endpoint: PeerEndpoint) async throws -> PartReport {
        guard shared.address != MachineAddress.loopback else {
            throw SignallingError.unexpected("no interface but loopback, which it leaves out")
        }
        let bridge = try await JanusProcess(program: shared.janus, address: shared.address, core: Core.ofServer)
        let gateway = try gateway(script: script)
        var servers = [
            parley(gateway, calls: 110),
            RivalServer(
                RivalRows.audioBridge, calls: 44, AudioBridgeSignalling(server: bridge.server), bridge.probe),
        ]
        await servers.fill(Self.full, rounds: rounds) { server in
            try await talk.figures(of: server, endpoint, isRoom: server.name == RivalRows.audioBridge)
        }
        await gateway.stop()
        await bridge.stop()
        let rows = FullCoreRows(servers: servers)
        return PartReport(
            rows: [rows.row("3b", RivalRows.audioBridge, .atLeast(2.2, then: 3.2), words: ", in conversation")]
                .compactMap { $0 }, skipped: servers.failures)
    }

    private func gateway(script: String?) throws -> GatewayProcess {
        try GatewayProcess(program: shared.server, address: shared.address, script: script, .full(core: Core.ofServer))
    }

    private func parley(_ gateway: GatewayProcess, calls: Int) -> RivalServer {
        RivalServer(RivalRows.parley, calls: calls, gateway.signalling, gateway.probe) {
            (try? await gateway.effort()) ?? nil
        }
    }

    private func aiortc(_ arguments: [String]) throws -> PythonEcho {
        try PythonEcho(
            python: python, script: "aiortc_echo.py", arguments, address: shared.address, core: Core.ofServer)
    }
}
