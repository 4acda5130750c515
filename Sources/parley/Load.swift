import ArgumentParser
import AudioPipeline
import Foundation
import GatewayServer
import LoadGenerator
import Logging
import PeerTransport
import UnixSignals

/// A load on a server, from the terminal.
struct Load: AsyncParsableCommand {
    /// From sysexits(3): the server could not be reached.
    private static let unreachable = ExitCode(69)
    /// As shells show SIGINT.
    private static let interrupted: Int32 = 130

    static let configuration = CommandConfiguration(
        abstract: "Put many calls on a server that speaks the Realtime protocol, and measure it.",
        discussion: """
            What the calls do stands in a scenario, a YAML file (docs/load.md); without one, calls over WebRTC are held and say what \
            --speech names. Times count from when a thing was to happen, so that a slow server cannot hide its slowness. The exit \
            status is 1 when a threshold is missed, 69 when no call came up at all, and 64 for a mistake in what was asked for. Ctrl-C \
            hangs up and reports what there was; a second one ends at once.
            """)

    @Argument(help: "The server: scheme, host and port.")
    var url = "http://localhost:8080"

    @Option(help: "The scenario's file.")
    var scenario: String?

    @Option(help: "Calls at once, in place of the scenario's; several, like 10,20,40, are as many runs.")
    var calls: String?

    @Option(help: "Length of a run, in place of the scenario's.")
    var seconds: Double?

    @Option(help: "webrtc or websocket, in place of the scenario's.")
    var transport: LoadGroup.Transport?

    @Option(help: "A recording that calls say: WAV, 16-bit PCM, mono, 8, 16, 24 or 48 kHz. Several are said in turn.")
    var speech: [String] = []

    @Option(help: "The model; without it the scenario's, or the server's default.")
    var model: String?

    @Option(help: "An API key, where the server wants one; PARLEY_API_KEY in the environment does the same.")
    var key: String?

    @Option(help: "What must hold, like 'pacing_ms.p99 <= 10', beside the scenario's thresholds.")
    var require: [String] = []

    @Option(help: "The server's process on this machine, for its CPU and memory.")
    var pid: Int32?

    @Option(help: "Address of the server's Prometheus metrics, for CPU, memory and queue depths.")
    var metrics: String?

    @Option(help: "Local address for media, one of this machine's; by default all of them are offered.")
    var address: String?

    @Option(help: "Also write the report as JSON to this file; - prints it in place of the table.")
    var json: String?

    @Option(help: "Also write the report as one HTML page to this file.")
    var html: String?

    @Flag(help: "Say nothing while it runs.")
    var quiet = false

    func run() async throws {
        do {
            let loading = Task { try await load() }
            let watching = Task { await Self.stopWhenInterrupted(loading) }
            defer { watching.cancel() }
            let report = try await loading.value
            print(json == "-" ? report.json : report.text)
            fflush(nil)
            if !report.reachedServer { throw Self.unreachable }
            if !report.isPassed { throw ExitCode.failure }
        } catch let code as ExitCode {
            throw code
        } catch {
            FileHandle.standardError.write(Data("parley load: \(words(error))\n".utf8))
            throw error is URLError ? Self.unreachable : ExitCode.validationFailure
        }
    }

    /// The first Ctrl-C hangs up, the second ends the process as if nobody had caught it.
    private static func stopWhenInterrupted(_ loading: Task<LoadReport, any Error>) async {
        var signals = await UnixSignalsSequence(trapping: .sigint).makeAsyncIterator()
        guard await signals.next() != nil else { return }
        FileHandle.standardError.write(Data("\nHanging up; Ctrl-C once more ends at once.\n".utf8))
        loading.cancel()
        guard await signals.next() != nil else { return }
        Foundation.exit(interrupted)
    }

    private func load() async throws -> LoadReport {
        let scenario = try wanted()
        guard let server = URL(string: url), server.host != nil else { throw ValidationError("\(url) is no URL.") }
        try [json, html].compactMap { $0 }.filter { $0 != "-" }.forEach(checkWritable)
        let endpoint = try makeEndpoint()
        let folder = self.scenario.map { URL(filePath: $0).deletingLastPathComponent() }
        let run = LoadRun(
            scenario, server: makeServer(server), endpoint: endpoint, watch: try makeWatch(),
            folder: folder ?? URL(filePath: FileManager.default.currentDirectoryPath))
        let isQuiet = quiet
        let report = try await run.run { if !isQuiet { LoadTicker.show($0) } }
        await endpoint.settle()
        await endpoint.stop()
        if let json, json != "-" { try write(report.json, to: json) }
        if let html { try write(report.html, to: html) }
        return report
    }

    private var secret: String? { key ?? ProcessInfo.processInfo.environment["PARLEY_API_KEY"] }

    /// The scenario with what the command line says in its place.
    private func wanted() throws -> LoadScenario {
        var wanted =
            try scenario.map { try LoadScenario(yaml: try Self.text(of: $0)) }
            ?? LoadScenario()
        if let seconds { wanted.seconds = seconds }
        if let model { wanted.model = model }
        guard wanted.seconds > 0 else { throw ValidationError("--seconds must be more than 0.") }
        for index in wanted.groups.indices {
            if let transport { wanted.groups[index].transport = transport }
            if !speech.isEmpty { wanted.groups[index].speech = speech.map { LoadGroup.Speech(file: absolute($0)) } }
        }
        if let calls { try wanted.setCalls(calls) }
        let names = wanted.groups.map(\.name)
        wanted.thresholds += try require.map { try LoadThreshold($0, groups: names) }
        return wanted
    }

    private static func text(of path: String) throws -> String {
        guard FileManager.default.fileExists(atPath: path) else { throw ValidationError("There is no file \(path).") }
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    /// Of the command line, and so relative to where we are.
    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private func makeEndpoint() throws -> PeerEndpoint {
        var configuration = PeerConfiguration(
            audio: AudioSettings(rate: .hz24000, encoder: OpusEncoderSettings()))
        configuration.ice.addresses = address.map { [$0] } ?? []
        configuration.ice.tcp = false
        configuration.ice.timesArrivalsByKernel = true
        return try PeerEndpoint(
            configuration, logger: Logger(label: "parley.load") { _ in SwiftLogNoOpLogHandler() })
    }

    private func makeServer(_ server: URL) -> LoadServer {
        let (address, key) = (url, secret)
        return LoadServer(
            address: address,
            signalling: { model in
                RealtimeSignalling(server: server, model: model, key: key, connections: LoadServer.connections)
            }, connect: { try await Self.connect(address, model: $0 ?? "gpt-realtime", key: key) })
    }

    private static func connect(_ address: String, model: String, key: String?) async throws -> SessionLine {
        do {
            let socket = try await RealtimeSocket.open(address, model: model, key: key)
            return SessionLine(
                next: { await socket.next() }, send: { socket.send($0) }, close: { socket.close() })
        } catch {
            throw error.isFull ? LoadFailure.full(error.words) : LoadFailure.failed(error.words)
        }
    }

    private func makeWatch() throws -> ServerWatch {
        let address = try metrics.map { text in
            guard let url = URL(string: text), url.host != nil else { throw ValidationError("\(text) is no URL.") }
            return url
        }
        return ServerWatch(process: pid, metrics: address, key: secret)
    }

    private func write(_ text: String, to path: String) throws {
        try Data((text + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
    }

    private func words(_ error: any Error) -> String {
        switch error {
        case let error as LoadScenarioError: error.description
        case let error as SpeechFile.Failure: error.words
        case let error as ValidationError: error.message
        default: error.localizedDescription
        }
    }
}

extension LoadGroup.Transport: ExpressibleByArgument {}

extension LoadScenario {
    /// `text`: numbers, separated by commas.
    fileprivate mutating func setCalls(_ text: String) throws {
        let numbers = text.split(separator: ",").map { Int($0) }
        guard !numbers.isEmpty, numbers.allSatisfy({ $0.map { (1...100_000).contains($0) } ?? false }) else {
            throw ValidationError("--calls \(text): whole numbers from 1 to 100000 are wanted.")
        }
        guard groups.count == 1 else {
            throw ValidationError("--calls is for a scenario of one group; this one has \(groups.map(\.name)).")
        }
        groups[0].calls = numbers.compactMap { $0 }
    }
}
