import ArgumentParser
import AudioPipeline
import Foundation
import LoadGenerator
import PeerTransport

/// What a second of a full-duplex call costs here and elsewhere, in turns in one run: bars 2, 3 and 4.
struct Rivals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what a call costs beside Janus, aiortc and GStreamer, each where it is installed.")

    enum Rival: String, CaseIterable, ExpressibleByArgument {
        case janus
        case aiortc
        case gstreamer
    }

    @Option(help: "The gateway's program.")
    var server = ".build/release/parley"

    @Option(help: "Speech for both directions: WAV, 16-bit PCM mono.")
    var speech = "Tests/Interop/fixtures/speech.wav"

    @Option(help: "Calls at once; even, since AudioBridge's share rooms two and two.")
    var calls = 10

    @Option(help: "Seconds per window.")
    var seconds = 8

    @Option(help: "Windows of each server, in turns; the median counts.")
    var rounds = 3

    @Option(help: "Address for media, one of this machine's; Janus leaves out loopback.")
    var address = MachineAddress.first()

    @Option(help: "Janus's program.")
    var janus = "/usr/bin/janus"

    @Option(help: "A Python that has aiortc.")
    var python = ".venv/bin/python"

    @Option(help: "A Python that has GStreamer: the system's.")
    var systemPython = "/usr/bin/python3"

    @Option(help: "Only this one; several may be named.")
    var only: [Rival] = []

    @Option(help: "Also write the rows as JSON to this file.")
    var rows: String?

    @Option(help: "Seconds after which the whole run is given up.")
    var limitSeconds = 600

    func run() async throws {
        Watchdog.start(limitSeconds: limitSeconds, of: "rivals")
        let endpoint = try Bars.endpoint(address)
        let frames = try OpusFrames.of(SpeechFile.read(URL(filePath: speech), at: .hz24000))
        let gateway = try GatewayProcess(program: server, address: address)
        var rivals = StartedRivals()
        await rivals.start(self)
        var servers = [RivalServer("Parley", gateway.signalling, gateway.probe)] + rivals.servers
        let window = CallWindow(endpoint: endpoint, calls: calls, warmUp: 2, seconds: Double(seconds))
        await servers.measure(rounds: rounds) { server in
            // All talk and are answered with sound.
            try await window.figures(of: server, data: false, leastHeard: 0.9) { LoopedAudio(frames, from: 7 * $0) }
        }
        await gateway.stop()
        await rivals.stop()
        await endpoint.stop()
        let report = PartReport(rows: RivalRows(servers: servers).rows, skipped: rivals.skipped + servers.failures)
        try report.publish(to: rows)
    }

    func wants(_ rival: Rival) -> Bool { only.isEmpty || only.contains(rival) }

    func aiortc(_ arguments: [String]) throws -> PythonEcho {
        try PythonEcho(python: python, script: "aiortc_echo.py", arguments, address: address)
    }
}

/// The rivals that could be had.
struct StartedRivals {
    private(set) var servers: [RivalServer] = []
    private(set) var skipped: [String] = []
    private var stops: [() async -> Void] = []

    mutating func start(_ options: Rivals) async {
        if options.wants(.janus) { await startJanus(options) }
        if options.wants(.aiortc) {
            await start("aiortc") { rivals in
                let (shipped, patched) = (try options.aiortc([]), try options.aiortc(["--without-levels"]))
                rivals.stops.append { shipped.stop() }
                rivals.stops.append { patched.stop() }
                rivals.servers += [
                    RivalServer(
                        RivalRows.aiortcLevels, AudioLevelSignalling(server: shipped.signalling), shipped.probe),
                    RivalServer(RivalRows.aiortc, patched.signalling, patched.probe),
                ]
            }
        }
        if options.wants(.gstreamer) {
            await start("GStreamer") { rivals in
                let echo = try PythonEcho(
                    python: options.systemPython, script: "gstreamer_echo.py", address: options.address)
                rivals.stops.append { echo.stop() }
                rivals.servers.append(RivalServer(RivalRows.gstreamer, echo.signalling, echo.probe))
            }
        }
    }

    func stop() async {
        for stop in stops { await stop() }
    }

    private mutating func startJanus(_ options: Rivals) async {
        await start("Janus") { rivals in
            guard options.address != MachineAddress.loopback else {
                throw SignallingError.unexpected("no interface but loopback, which it leaves out")
            }
            let janus = try await JanusProcess(program: options.janus, address: options.address)
            rivals.stops.append { await janus.stop() }
            let through = try PassThroughProcess(address: options.address)
            rivals.stops.append { through.stop() }
            rivals.servers += [
                RivalServer(RivalRows.passThrough, through, through.probe),
                RivalServer(RivalRows.echoTest, EchoTestSignalling(server: janus.server), janus.probe),
                RivalServer(RivalRows.audioBridge, AudioBridgeSignalling(server: janus.server), janus.probe),
            ]
        }
    }

    /// What cannot be had is said.
    private mutating func start(_ name: String, _ body: (inout StartedRivals) async throws -> Void) async {
        do { try await body(&self) } catch { skipped.append("\(name) is left out: \(error)") }
    }
}

/// The bars that rivals are for.
struct RivalRows {
    static let passThrough = "Parley without codec and session"
    static let echoTest = "Janus EchoTest"
    static let audioBridge = "Janus AudioBridge"
    static let aiortc = "aiortc without audio levels"
    static let aiortcLevels = "aiortc as shipped"
    static let gstreamer = "GStreamer webrtcbin"

    let servers: [RivalServer]

    var rows: [Row] {
        [
            ratio("2", "pass-through CPU ÷ Janus EchoTest", Self.passThrough, Self.echoTest, .atMost(0.6, then: 0.25)),
            perCore("3", Self.audioBridge, .atLeast(1.25, then: 1.45)),
            perCore("4-shipped", Self.aiortcLevels, .atLeast(9, then: 14)),
            perCore("4", Self.aiortc, .atLeast(4, then: 5.5)),
            perCore("4-gstreamer", Self.gstreamer, nil),
        ].compactMap { $0 }
    }

    private func perCore(_ key: String, _ rival: String, _ limits: Limits?) -> Row? {
        ratio(key, "calls per core ÷ \(rival)", rival, "Parley", limits)
    }

    /// What the first costs over what the second does; nil where either was not measured.
    private func ratio(_ key: String, _ what: String, _ over: String, _ under: String, _ limits: Limits?) -> Row? {
        guard let upper = servers.cost(over), let lower = servers.cost(under), lower > 0 else { return nil }
        return Row(
            key, what, upper / lower, limits,
            note: String(format: "%.1f ÷ %.1f ms of CPU per call-second", upper, lower))
    }
}
