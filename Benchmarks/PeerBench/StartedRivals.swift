import LoadGenerator

/// The rivals that could be had, each called as often at once as it can take on a core, which one that runs Python has to itself.
struct StartedRivals {
    /// Of 80 ms for a call-second.
    private static let shippedCalls = 10
    /// Of 40.
    private static let patchedCalls = 20
    /// Of 27, on all cores.
    private static let gstreamerCalls = 20

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
                        RivalRows.aiortcLevels, calls: min(options.calls, Self.shippedCalls),
                        AudioLevelSignalling(server: shipped.signalling), shipped.probe),
                    RivalServer(
                        RivalRows.aiortc, calls: min(options.calls, Self.patchedCalls), patched.signalling,
                        patched.probe),
                ]
            }
        }
        if options.wants(.gstreamer) {
            await start("GStreamer") { rivals in
                let echo = try PythonEcho(
                    python: options.systemPython, script: "gstreamer_echo.py", address: options.shared.address)
                rivals.stops.append { echo.stop() }
                rivals.servers.append(
                    RivalServer(
                        RivalRows.gstreamer, calls: min(options.calls, Self.gstreamerCalls), echo.signalling,
                        echo.probe))
            }
        }
    }

    func stop() async {
        for stop in stops { await stop() }
    }

    private mutating func startJanus(_ options: Rivals) async {
        await start("Janus") { rivals in
            guard options.shared.address != MachineAddress.loopback else {
                throw SignallingError.unexpected("no interface but loopback, which it leaves out")
            }
            let janus = try await JanusProcess(program: options.shared.janus, address: options.shared.address)
            rivals.stops.append { await janus.stop() }
            let through = try PassThroughProcess(address: options.shared.address)
            rivals.stops.append { through.stop() }
            rivals.servers += [
                RivalServer(RivalRows.passThrough, calls: options.calls, through, through.probe),
                RivalServer(
                    RivalRows.echoTest, calls: options.calls, EchoTestSignalling(server: janus.server), janus.probe),
                RivalServer(
                    RivalRows.audioBridge, calls: options.calls, AudioBridgeSignalling(server: janus.server),
                    janus.probe),
            ]
        }
    }

    /// What cannot be had is said.
    private mutating func start(_ name: String, _ body: (inout StartedRivals) async throws -> Void) async {
        do { try await body(&self) } catch { skipped.append("\(name) is left out: \(words(for: error))") }
    }
}
