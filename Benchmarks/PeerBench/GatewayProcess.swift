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

    /// What it runs on and how; no call is refused, since its limit is looked for.
    enum Setting {
        /// On all cores, the encoders at the effort that they are set to, and for this loss (per cent) from the start.
        case fixedEffort(expectedLoss: Int = 0)
        /// On this core alone, with one media thread, the encoders as busy as the thread lets them be, which is the default.
        case full(core: Int)

        fileprivate var core: Int? {
            if case .full(let core) = self { core } else { nil }
        }

        fileprivate var arguments: [String] {
            switch self {
            case .fixedEffort(let loss):
                ["--audio-complexity-follows-load", "false", "--audio-expected-loss-percent", "\(loss)"]
            case .full: ["--media-loops", "1"]
            }
        }
    }

    /// Starts it with media on `address` alone, and waits until it says where it listens.
    ///
    /// - Parameter script: of the engine that is called; without it the echo is.
    init(program: String, address: String, script: String? = nil, _ setting: Setting = .fixedEffort()) throws {
        let output = Pipe()
        process = try ServerProcess(
            program: program,
            arguments: [
                "serve", "--engine-embedded", "false", "--http-port", "0", "--https-port", "0", "--http-hosts",
                "127.0.0.1", "--https-hosts", "127.0.0.1", "--ice-addresses", address, "--log-level", "error",
                "--calls-max-unconnected-per-address", "64", "--media-max-late-percent", "100",
                "--media-max-busy-percent", "100",
            ] + setting.arguments + (script.map { ["--engine-script", $0] } ?? []), output: output, core: setting.core)
        base = try Self.address(from: output.fileHandleForReading)
        signalling = RealtimeSignalling(server: base, model: script == nil ? "parley-loopback" : "parley-scripted")
        probe = ProcessProbe(process.processID)
    }

    func stop() async { await process.stop() }

    /// Seconds inside codec calls since the start, as the gateway counts them.
    func codecSeconds() async throws -> Double {
        try await values(of: "gateway_codec_cpu_nanoseconds_total").reduce(0, +) / 1e9
    }

    /// What the encoders are held to now, on the thread that is held to least.
    func effort() async throws -> String? {
        guard let complexity = try await values(of: "gateway_codec_complexity").min() else { return nil }
        let isWideband = try await values(of: "gateway_codec_wideband").contains(1)
        return "complexity \(Int(complexity))\(isWideband ? ", wideband" : "")"
    }

    private func values(of metric: String) async throws -> [Double] {
        let request = URLRequest(url: base.appending(path: "metrics"), timeoutInterval: 5)
        let (body, _) = try await URLSession.shared.data(for: request)
        return String(decoding: body, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix(metric + "{") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
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
