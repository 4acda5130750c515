import AudioPipeline
import PeerTransport

/// Sends short bursts of sound into silence and times their return.
struct EchoMarker {
    let peer: PeerConnection

    private static let burst = (0..<480).map { Int16($0 % 24 < 12 ? 12_000 : -12_000) }
    private static let threshold: UInt16 = 3_000

    /// Seconds from the frame tick that took the burst to the arrival of its echo, `count` times.
    func delays(count: Int) async throws -> [Double] {
        var delays: [Double] = []
        for _ in 0..<count {
            _ = await peer.playout.enqueue(Self.burst, generation: Generation(rawValue: 0))
            let sent = try await waitUntilSent()
            delays.append(try await within(.seconds(2), "an echo") { try await arrival() - sent } / .seconds(1))
            try await Task.sleep(for: .milliseconds(300))
        }
        return delays
    }

    private func arrival() async throws -> ContinuousClock.Instant {
        for await block in peer.audio where block.samples.contains(where: { $0.magnitude > Self.threshold }) {
            return .now
        }
        throw CancellationError()
    }

    /// The queue is empty again on the tick that encodes and sends the burst.
    private func waitUntilSent() async throws -> ContinuousClock.Instant {
        while peer.playout.queuedSamples > 0 { try await Task.sleep(for: .microseconds(200)) }
        return .now
    }
}
