import Foundation
import LoadGenerator

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A gateway started for the measurement, on ports of the system's choice.
struct GatewayProcess {
    let signalling: RealtimeSignalling
    let probe: ProcessProbe
    private let process: ServerProcess
    private let base: URL

    /// Starts it with the defaults, media on `address` alone, and waits until it says where it listens.
    ///
    /// - Parameter script: of the engine that is called; without it the echo is.
    init(program: String, address: String, script: String? = nil) throws {
        let output = Pipe()
        process = try ServerProcess(
            program: program,
            arguments: [
                "serve", "--engine-embedded", "false", "--http-port", "0", "--https-port", "0", "--http-hosts",
                "127.0.0.1", "--https-hosts",
                "127.0.0.1", "--ice-addresses", address, "--log-level", "error",
                "--calls-max-unconnected-per-address", "64", "--media-max-late-percent", "100",
                "--media-max-busy-percent", "100", "--audio-complexity-follows-load", "false",
            ] + (script.map { ["--engine-script", $0] } ?? []), output: output)
        base = try Self.address(from: output.fileHandleForReading)
        signalling = RealtimeSignalling(server: base, model: script == nil ? "parley-loopback" : "parley-scripted")
        probe = ProcessProbe(process.processID)
    }

    func stop() async { await process.stop() }

    /// Seconds inside codec calls since the start, as the gateway counts them.
    func codecSeconds() async throws -> Double {
        let request = URLRequest(url: base.appending(path: "metrics"), timeoutInterval: 5)
        let (body, _) = try await URLSession.shared.data(for: request)
        var nanoseconds = 0.0
        for line in String(decoding: body, as: UTF8.self).split(separator: "\n")
        where line.hasPrefix("gateway_codec_cpu_nanoseconds_total{") {
            nanoseconds += line.split(separator: " ").last.flatMap { Double($0) } ?? 0
        }
        return nanoseconds / 1e9
    }

    private static func address(from output: FileHandle) throws -> URL {
        var text = ""
        while true {
            let data = output.availableData
            if data.isEmpty { break }
            text += String(decoding: data, as: UTF8.self)
            for line in text.split(separator: "\n") where line.contains("Page") {
                if let word = line.split(separator: " ").last, let url = URL(string: String(word)) { return url }
            }
        }
        throw SignallingError.unexpected("the gateway did not start: \(text)")
    }
}
