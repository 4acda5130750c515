import AudioPipeline
import Foundation
import LoadGenerator
import PeerTransport
import Wire

extension [Double] {
    /// The upper of the two in the middle when there are as many on both sides; there must be one.
    var median: Double { sorted()[count / 2] }
}

/// The measurements; those of set-ups are in `Bench+Setup.swift`. CPU and memory are those of the gateway's process, read from outside.
struct Bench {
    let gateway: GatewayProcess
    let endpoint: PeerEndpoint

    /// Bars 6 and 7: what calls that are up, but silent, hold.
    func idleThreadsAndMemory() async throws -> [Row] {
        try await withCalls(5) { _ in }
        let none = gateway.probe.reading
        let (few, many) = (10, 50)
        let readings = try await [few, many].asyncMap { count in
            try await self.withCalls(count) { peers in
                try await self.exchangeSomeAudio(peers)
                return self.gateway.probe.reading
            }
        }
        let slope = Double(readings[1].residentBytes - readings[0].residentBytes) / Double(many - few)
        let codecState = 62_000.0
        let threads = readings[1].threads - none.threads
        return [
            Row(
                "6", "memory slope per call ÷ 62 kB codec state", slope / codecState, .atMost(5, then: 3),
                note: "\(Int(slope / 1000)) kB per call, from \(few) to \(many) calls"),
            Row(
                "7", "threads at 50 calls minus threads at none", Double(threads), .atMost(4, then: 0),
                note: "\(none.threads) at none"),
        ]
    }

    /// Bar 1: all CPU of the process over that inside libopus, while everybody talks and is echoed.
    func cost(calls: Int, speech: [Int16], seconds: Int) async throws -> [Row] {
        try await withCalls(calls) { peers in
            try await withThrowingTaskGroup { group in
                for peer in peers {
                    group.addTask { await peer.speak(speech) }
                    group.addTask { for await _ in peer.connection.audio {} }
                }
                try await Task.sleep(for: .seconds(3))
                var windows: [(ratio: Double, perCallSecond: Double)] = []
                for _ in 0..<3 { windows.append(try await self.window(calls: calls, seconds: seconds)) }
                group.cancelAll()
                for peer in peers { peer.connection.playout.close() }
                let median = windows.sorted { $0.ratio < $1.ratio }[1]
                return [
                    Row(
                        "1", "process CPU ÷ libopus CPU, \(calls) full-duplex calls", median.ratio,
                        .atMost(1.30, then: 1.10),
                        note: String(format: "%.1f ms of CPU per call-second", median.perCallSecond * 1_000))
                ]
            }
        }
    }

    /// Bar 8: from the tick that sends a burst of sound to the block that brings it back.
    func echo() async throws -> [Row] {
        let delays = try await withCalls(1) { peers in
            try await EchoMarker(peer: peers[0].connection).delays(count: 25)
        }
        let median = delays.median
        return [
            Row(
                "8", "echo of an audio marker, ms", median * 1_000, .atMost(45, then: 27),
                note: "median of \(delays.count); worst \(ms(delays.max() ?? 0))")
        ]
    }

    // MARK: Inside

    private func window(calls: Int, seconds: Int) async throws -> (ratio: Double, perCallSecond: Double) {
        // The gateway publishes its counters once a second; read at the same phase.
        let (cpu, codec) = (gateway.probe.cpuSeconds, try await gateway.codecSeconds())
        try await Task.sleep(for: .seconds(seconds))
        let usedCPU = gateway.probe.cpuSeconds - cpu
        let usedCodec = try await gateway.codecSeconds() - codec
        return (usedCPU / usedCodec, usedCPU / Double(calls * seconds))
    }

    func hangUp(_ peers: [SyntheticPeer]) async {
        for peer in peers { peer.connection.close(.hangUp) }
        for peer in peers { await peer.connection.closed() }
    }

    private func exchangeSomeAudio(_ peers: [SyntheticPeer]) async throws {
        for peer in peers {
            _ = await peer.connection.playout.enqueue(
                [Int16](repeating: 100, count: 9_600), generation: Generation(rawValue: 0))
        }
        try await Task.sleep(for: .seconds(2))
    }

    private func withCalls<Result: Sendable>(_ count: Int, _ body: ([SyntheticPeer]) async throws -> Result)
        async throws -> Result
    {
        var peers: [SyntheticPeer] = []
        for index in 0..<count {
            let peer = SyntheticPeer(endpoint: endpoint, id: "peer-\(index)")
            _ = try await within(.seconds(10), "a call being set up") { try await peer.call(gateway.signalling) }
            peers.append(peer)
        }
        let result = try await body(peers)
        await hangUp(peers)
        return result
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
