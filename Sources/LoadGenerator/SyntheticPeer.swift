import AudioPipeline
package import PeerTransport
import Wire

/// A WebRTC client without a browser: offers, calls, speaks, listens.
package struct SyntheticPeer: Sendable {
    package let connection: PeerConnection

    /// When an offer was answered, and when media could flow.
    package struct SetUp: Equatable, Sendable {
        package var answered: ContinuousClock.Instant
        package var connected: ContinuousClock.Instant
    }

    /// - Parameter packets: what it says and hears in place of sound.
    package init(endpoint: PeerEndpoint, id: String, packets: (any PacketAudio)? = nil) {
        connection = endpoint.makePeer(id: id, packets: packets)
    }

    /// Places a call and waits until media may flow. Returns the time from handing over the offer to DTLS being up.
    package func call(_ signalling: some Signalling, audio: Bool = true, data: Bool = true) async throws -> Duration {
        let offer = try await connection.offer(audio: audio, data: data)
        let start = ContinuousClock.now
        return try await connect(offer, through: signalling).connected - start
    }

    /// The same with an offer that was made before.
    package func connect(_ offer: String, through signalling: any Signalling) async throws -> SetUp {
        let answer = try Answer(parsing: try await signalling.exchange(offer: offer))
        let answered = ContinuousClock.now
        try await connection.accept(try answer.negotiation(offered: .actpass))
        for await event in connection.events where event == .established {
            return SetUp(answered: answered, connected: .now)
        }
        throw SignallingError.unexpected("ended before it was connected: \(connection.closeReason?.label ?? "?")")
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
