import ArgumentParser
import AudioPipeline
import Foundation
import LoadGenerator
import PeerTransport

/// What a second of a full-duplex call costs here and elsewhere, in turns in one run: bars 2 and 3.
struct Rivals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what a call costs beside Janus, aiortc and GStreamer, each where it is installed.")

    enum Rival: String, CaseIterable, ExpressibleByArgument {
        case janus
        case aiortc
        case gstreamer
    }

    @OptionGroup var shared: PartOptions

    @Option(help: "Speech for both directions: WAV, 16-bit PCM mono.")
    var speech = "Tests/Interop/fixtures/speech.wav"

    @Option(
        help: "Calls at once, where a core is enough for as many; even, since AudioBridge's share rooms two and two.")
    var calls = 40

    @Option(help: "Seconds per window.")
    var seconds = 8

    @Option(help: "Windows of each server, in turns; the median of the rounds' ratios counts.")
    var rounds = 3

    @Option(help: "A Python that has aiortc.")
    var python = ".venv/bin/python"

    @Option(help: "A Python that has GStreamer: the system's.")
    var systemPython = "/usr/bin/python3"

    @Option(help: "Only this one; several may be named.")
    var only: [Rival] = []

    @Option(help: "Seconds after which the whole run is given up.")
    var limitSeconds = 600

    func run() async throws {
        Watchdog.start(limitSeconds: limitSeconds, of: "rivals")
        let endpoint = try Bars.endpoint(shared.address)
        let frames = try OpusFrames.of(SpeechFile.read(URL(filePath: speech), at: .hz24000))
        let gateway = try GatewayProcess(program: shared.server, address: shared.address)
        var rivals = StartedRivals()
        await rivals.start(self)
        var servers = [RivalServer(RivalRows.parley, calls: calls, gateway.signalling, gateway.probe)] + rivals.servers
        let window = CallWindow(endpoint: endpoint, warmUp: 2, seconds: Double(seconds))
        await servers.measure(rounds: rounds) { server in
            // All talk and are answered with sound.
            try await window.figures(of: server, data: false, leastHeard: 0.9) { LoopedAudio(frames, from: 7 * $0) }
        }
        await gateway.stop()
        await rivals.stop()
        await endpoint.stop()
        let report = PartReport(rows: RivalRows(servers: servers).rows, skipped: rivals.skipped + servers.failures)
        try report.publish(to: shared.rows)
    }

    func wants(_ rival: Rival) -> Bool { only.isEmpty || only.contains(rival) }

    func aiortc(_ arguments: [String]) throws -> PythonEcho {
        try PythonEcho(python: python, script: "aiortc_echo.py", arguments, address: shared.address)
    }
}
