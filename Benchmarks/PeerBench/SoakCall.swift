import AudioPipeline
import LoadGenerator
import PeerTransport
import Wire

/// One call between two peers of one endpoint.
enum SoakCall {
    /// Connects, exchanges speech and messages, and ends: by the caller's hang-up, by the callee's, or by the caller
    /// vanishing, in turn. Returns the callee of a vanished caller, which is yet to notice.
    static func run(_ endpoint: PeerEndpoint, _ index: Int) async throws -> PeerConnection? {
        let caller = SyntheticPeer(endpoint: endpoint, id: "caller-\(index)")
        let callee = endpoint.makePeer(id: "callee-\(index)")
        _ = try await caller.call(DirectSignalling(callee: callee))
        let tone = (0..<4_800).map { Int16(truncatingIfNeeded: ($0 % 55) * 200) }
        _ = await caller.connection.playout.enqueue(tone, generation: Generation(rawValue: 0))
        await caller.connection.openChannel(label: "oai-events")
        try await converse(caller.connection, callee)
        switch index % 3 {
        case 0: caller.connection.close(.hangUp)
        case 1: callee.close(.hangUp)
        default:
            await caller.connection.vanish()
            return callee
        }
        await caller.connection.closed()
        await callee.closed()
        return nil
    }

    /// The callee hears speech and gets a message of 200 kB, which it sends back.
    private static func converse(_ caller: PeerConnection, _ callee: PeerConnection) async throws {
        let bytes = [UInt8](repeating: 0x61, count: 200_000)
        for await case .channelOpened(let channel) in caller.events {
            await caller.send(DataChannelMessage(channel: channel.id, payload: .string(bytes)))
            break
        }
        for await case .message(let message) in callee.events {
            await callee.send(message)
            break
        }
        for await case .message(let message) in caller.events {
            guard message.payload.count == bytes.count else { throw SoakFailure(reason: "a message came back changed") }
            break
        }
        var heard = 0
        for await block in callee.audio {
            heard += block.samples.count
            if heard >= 2_400 { return }
        }
        throw SoakFailure(reason: "the call ended while it talked: \(String(describing: callee.closeReason))")
    }
}

/// Hands the offer to a peer of this process.
struct DirectSignalling: Signalling {
    let callee: PeerConnection

    func exchange(offer: String) async throws -> String {
        let offer = try Offer(parsing: offer)
        return try await callee.answer(offer, try offer.negotiate())
    }
}
