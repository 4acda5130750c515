import AudioPipeline
import Foundation
import LoadGenerator
import PeerTransport

/// Calls at once to one server, up for a while, and what they cost it.
struct CallWindow {
    struct Figures {
        /// Milliseconds of CPU for a second of one call.
        let cost: Double
        /// Packets that came, as a share of those that went, of which there are 50 a second.
        let heardShare: Double
        /// Packets that did not come, of all calls.
        let lost: Int
        /// How late packets were, of all calls, in milliseconds: the 99th percentile.
        let latePercentile: Double
        /// What the encoders were held to at the end; nil where the server does not say.
        let effort: String?
    }

    private typealias Talker = (peer: SyntheticPeer, audio: LoopedAudio)

    let endpoint: PeerEndpoint
    /// Before it counts.
    let warmUp: Double
    let seconds: Double

    /// - Parameters:
    ///   - audio: what the call with this number says.
    ///   - leastHeard: the share of packets that must come: a server that sends nothing back is not measured.
    ///   - begun: is given each call when all are up, and may talk to the server until it is cancelled.
    func figures(
        of server: RivalServer, data: Bool, leastHeard: Double, audio: (Int) -> LoopedAudio,
        begun: @escaping @Sendable (PeerConnection, LoopedAudio) async -> Void = { _, _ in }
    ) async throws -> Figures {
        var talkers: [Talker] = []
        do {
            for index in 0..<server.calls {
                let audio = audio(index)
                let peer = SyntheticPeer(endpoint: endpoint, id: "peer-\(index)", packets: audio)
                talkers.append((peer, audio))
                _ = try await within(.seconds(10), "a call to \(server.name)") {
                    try await peer.call(server.signalling, data: data)
                }
            }
            let figures = try await window(server, talkers, begun)
            await hangUp(talkers.map(\.peer))
            guard figures.heardShare >= leastHeard else {
                throw SignallingError.unexpected(
                    String(format: "only %.0f %% of the packets came back", figures.heardShare * 100))
            }
            return figures
        } catch {
            await hangUp(talkers.map(\.peer))
            throw error
        }
    }

    private func window(
        _ server: RivalServer, _ talkers: [Talker],
        _ begun: @escaping @Sendable (PeerConnection, LoopedAudio) async -> Void
    ) async throws -> Figures {
        try await withThrowingTaskGroup { group in
            defer { group.cancelAll() }
            for talker in talkers { group.addTask { await begun(talker.peer.connection, talker.audio) } }
            try await Task.sleep(for: .seconds(warmUp))
            for talker in talkers { _ = talker.audio.takePacing() }
            let (cpu, before, start) = (server.probe.cpuSeconds, counts(of: talkers), ContinuousClock.now)
            try await Task.sleep(for: .seconds(seconds))
            let callSeconds = start.duration(to: .now) / .seconds(1) * Double(server.calls)
            let (used, after) = (server.probe.cpuSeconds - cpu, counts(of: talkers))
            return Figures(
                cost: 1_000 * used / callSeconds,
                heardShare: Double(after.heard - before.heard) / Double(max(1, after.sent - before.sent)),
                lost: after.lost - before.lost, latePercentile: late(talkers), effort: await server.effort())
        }
    }

    private func counts(of talkers: [Talker]) -> LoopedAudio.Counts {
        talkers.map(\.audio.counts).reduce(LoopedAudio.Counts(), +)
    }

    private func late(_ talkers: [Talker]) -> Double {
        var times = LatencyHistogram()
        for talker in talkers {
            for time in talker.audio.takePacing() { times.record(time) }
        }
        return times.percentile(99) ?? 0
    }

    private func hangUp(_ peers: [SyntheticPeer]) async {
        for peer in peers { peer.connection.close(.hangUp) }
        for peer in peers { await peer.connection.closed() }
    }
}
