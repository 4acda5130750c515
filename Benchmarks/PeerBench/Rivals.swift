import ArgumentParser
import AudioPipeline
import Foundation
import LoadGenerator
import PeerTransport

/// What a second of a full-duplex call costs here and elsewhere, in turns in one run: bars 3 and 4.
struct Rivals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what a call costs beside Janus and aiortc, each where it is installed.")

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

    @Option(help: "Seconds after which the whole run is given up.")
    var limitSeconds = 600

    /// One server that is called.
    private struct Server {
        let name: String
        let signalling: any Signalling
        let probe: ProcessProbe
        /// Milliseconds of CPU for a second of a call, of each window.
        var costs: [Double] = []
    }

    func run() async throws {
        Watchdog.start(limitSeconds: limitSeconds, of: "rivals")
        let endpoint = try Bars.endpoint(address)
        let gateway = try GatewayProcess(program: server, address: address)
        let bridge = await started("Janus") { try await JanusProcess(program: janus, address: address) }
        let aiortc = await started("aiortc") { try AiortcProcess(python: python, address: address) }
        var servers = [Server(name: "Parley", signalling: gateway.signalling, probe: gateway.probe)]
        if let bridge {
            servers += [
                Server(
                    name: "Janus EchoTest", signalling: EchoTestSignalling(server: bridge.server), probe: bridge.probe),
                Server(
                    name: "Janus AudioBridge", signalling: AudioBridgeSignalling(server: bridge.server),
                    probe: bridge.probe),
            ]
        }
        if let aiortc { servers.append(Server(name: "aiortc", signalling: aiortc.signalling, probe: aiortc.probe)) }
        let failure = await Result { servers = try await measured(servers, endpoint) }
        await gateway.stop()
        await bridge?.stop()
        await aiortc?.stop()
        await endpoint.stop()
        try failure.get()
        print(Row.table(rows(servers)))
    }

    /// Nil, which is said, where it cannot be had.
    private func started<Process>(_ name: String, _ start: () async throws -> Process) async -> Process? {
        do { return try await start() } catch {
            print("\(name) is left out: \(error)")
            return nil
        }
    }

    private func measured(_ servers: [Server], _ endpoint: PeerEndpoint) async throws -> [Server] {
        let sound = try SpeechFile.read(URL(filePath: speech), at: .hz24000)
        var servers = servers
        for _ in 0..<rounds {
            for index in servers.indices {
                servers[index].costs.append(try await window(servers[index], endpoint, sound))
            }
        }
        return servers
    }

    /// All talk and are answered with sound.
    private func window(_ server: Server, _ endpoint: PeerEndpoint, _ sound: [Int16]) async throws -> Double {
        var peers: [SyntheticPeer] = []
        for index in 0..<calls {
            let peer = SyntheticPeer(endpoint: endpoint, id: "peer-\(index)")
            peers.append(peer)
            _ = try await within(.seconds(10), "a call to \(server.name)") {
                try await peer.call(server.signalling, data: false)
            }
        }
        let cost = try await withThrowingTaskGroup { group in
            for peer in peers {
                group.addTask { await peer.speak(sound) }
                group.addTask { for await _ in peer.connection.audio {} }
            }
            try await Task.sleep(for: .seconds(2))
            let before = server.probe.cpuSeconds
            try await Task.sleep(for: .seconds(seconds))
            let used = server.probe.cpuSeconds - before
            group.cancelAll()
            for peer in peers { peer.connection.playout.close() }
            return 1_000 * used / Double(calls * seconds)
        }
        for peer in peers { peer.connection.close(.hangUp) }
        for peer in peers { await peer.connection.closed() }
        return cost
    }

    private func rows(_ servers: [Server]) -> [Row] {
        let ours = servers[0].costs.median
        let bars: [String: (bar: String, atLeast: Double)] = [
            "Janus AudioBridge": ("3", 1.25), "aiortc": ("4", 4),
        ]
        return servers.map { server in
            let cost = server.costs.median
            let note = String(format: "%.1f ms of CPU per call-second", cost)
            guard let bar = bars[server.name] else {
                return Row("", server.name, cost / ours, "", passes: nil, note: note)
            }
            return Row(
                bar.bar, "calls per core ÷ \(server.name)", cost / ours, String(format: "≥ %.2f", bar.atLeast),
                passes: cost / ours >= bar.atLeast, note: note)
        }
    }
}

extension Result where Success == Void, Failure == any Error {
    fileprivate init(_ body: () async throws -> Void) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
