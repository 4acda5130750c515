import AudioPipeline
package import PeerTransport
import Wire

/// A WebRTC client without a browser: offers, calls, speaks, listens.
package struct SyntheticPeer: Sendable {
    package let connection: PeerConnection

    package init(endpoint: PeerEndpoint, id: String) { connection = endpoint.makePeer(id: id) }

    /// Places a call and waits until media may flow. Returns the time from handing over the offer to DTLS being up.
    package func call(_ signalling: some Signalling, audio: Bool = true, data: Bool = true) async throws -> Duration {
        let offer = try await connection.offer(audio: audio, data: data)
        let start = ContinuousClock.now
        let answer = try Answer(parsing: try await signalling.exchange(offer: offer))
        try await connection.accept(try answer.negotiation(offered: .actpass))
        for await event in connection.events where event == .established { return .now - start }
        throw SignallingError.unexpected("ended before it was connected: \(await connection.closeReason?.label ?? "?")")
    }

    /// Says `speech` again and again, paced by the peer, until the call ends or the task is cancelled.
    package func speak(_ speech: [Int16]) async {
        let chunk = connection.playout.rate.samples(in: .milliseconds(200))
        while !Task.isCancelled {
            for start in stride(from: 0, to: speech.count, by: chunk) {
                let part = Array(speech[start..<min(start + chunk, speech.count)])
                let result = await connection.playout.enqueue(part, generation: Generation(rawValue: 0))
                if result != .queued || Task.isCancelled { return }
            }
        }
    }
}
