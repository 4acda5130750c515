import LoadGenerator

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
        do { try await body(&self) } catch { skipped.append("\(name) is left out: \(words(for: error))") }
    }
}
