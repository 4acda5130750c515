import ArgumentParser
import AudioPipeline
import Foundation
import LoadGenerator
import PeerTransport

/// What a call costs in conversation at a fixed effort of the encoders, beside AudioBridge with the same speakers.
struct Conversation: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Measure calls in conversation beside Janus's AudioBridge: the user speaks 40 %, the answer lasts 40 %.")

    @OptionGroup var shared: PartOptions

    @Option(help: "What the scripted engine says.")
    var script = "Benchmarks/Load/script.json"

    @Option(help: "The user's words, about 3 s: WAV, 16-bit PCM mono.")
    var speech = "Tests/Interop/fixtures/speech.wav"

    @Option(help: "Calls at once; even, since AudioBridge's share rooms two and two.")
    var calls = 20

    @Option(help: "Windows of each server, in turns; the median of the rounds' ratios counts.")
    var rounds = 3

    @Option(help: "Seconds after which the whole run is given up.")
    var limitSeconds = 600

    func run() async throws {
        Watchdog.start(limitSeconds: limitSeconds, of: "conversation")
        let endpoint = try Bars.endpoint(shared.address)
        let talk = try Talk(SpeechFile.read(URL(filePath: speech), at: .hz24000))
        let gateway = try GatewayProcess(program: shared.server, address: shared.address, script: script)
        var report = PartReport()
        do {
            guard shared.address != MachineAddress.loopback else {
                throw SignallingError.unexpected("no interface but loopback, which it leaves out")
            }
            let bridge = try await JanusProcess(program: shared.janus, address: shared.address)
            report = await measured(gateway, bridge, talk, endpoint)
            await bridge.stop()
        } catch {
            report.skipped.append("Janus is left out: \(words(for: error))")
        }
        await gateway.stop()
        await endpoint.stop()
        try report.publish(to: shared.rows)
    }

    private func measured(
        _ gateway: GatewayProcess, _ bridge: JanusProcess, _ talk: Talk, _ endpoint: PeerEndpoint
    ) async -> PartReport {
        var servers = [
            RivalServer("listening", calls: calls, gateway.signalling, gateway.probe),
            RivalServer("by hand", calls: calls, gateway.signalling, gateway.probe),
            RivalServer("AudioBridge", calls: calls, AudioBridgeSignalling(server: bridge.server), bridge.probe),
        ]
        await servers.measure(rounds: rounds) { server in
            try await talk.figures(
                of: server, endpoint, isRoom: server.name == "AudioBridge", listens: server.name == "listening")
        }
        return PartReport(rows: rows(servers), skipped: servers.failures)
    }

    private func rows(_ servers: [RivalServer]) -> [Row] {
        func row(_ key: String, _ what: String, _ name: String) -> Row? {
            guard let (theirs, ours, ratios) = servers.comparison(of: "AudioBridge", with: name),
                let their = theirs.cost,
                let our = ours.cost
            else { return nil }
            return Row(
                key, what, ratios.median, nil,
                note: String(
                    format: "%.1f ÷ %.1f ms of CPU per call-second; the answer lasts %.0f %% of the time", their, our,
                    ours.heardShare * 100))
        }
        return [
            row("3b-fixed", "the same with \(calls) calls on all cores, complexity 5 however busy", "listening"),
            row("3b-by-hand", "and without voice activity, turns ended by the client", "by hand"),
        ].compactMap { $0 }
    }
}
