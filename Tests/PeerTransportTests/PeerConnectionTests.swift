import AudioPipeline
import Logging
import TestKit
import Testing
import Wire

@testable import PeerTransport

/// Real ICE, DTLS, SRTP and SCTP between two peers of one process, over the loopback interface.
@Suite("Peer connections over loopback", .serialized, .timeLimit(.minutes(1)))
struct PeerConnectionTests {
    @Test("A call connects, carries a message each way and ends with both sides told")
    func wholeCall() async throws {
        try await withEndpoint { endpoint in
            let (caller, callee) = try await call(endpoint)
            var events = caller.events.makeAsyncIterator()
            #expect(await events.next() == .established)
            caller.close(.hangUp)
            await caller.closed()
            await callee.closed()
            #expect(await caller.closeReason == .hangUp)
        }
    }

    private func call(_ endpoint: PeerEndpoint) async throws -> (PeerConnection, PeerConnection) {
        let caller = endpoint.makePeer(id: "caller")
        let callee = endpoint.makePeer(id: "callee")
        let offer = try Offer(parsing: try await caller.offer(audio: true, data: true))
        let answer = try Answer(parsing: try await callee.answer(offer, try offer.negotiate()))
        try await caller.accept(try answer.negotiation(offered: .actpass))
        return (caller, callee)
    }

    private func withEndpoint(_ body: (PeerEndpoint) async throws -> Void) async throws {
        var configuration = PeerConfiguration(
            audio: AudioSettings(rate: .hz24000, encoder: OpusEncoderSettings()))
        configuration.ice.addresses = ["127.0.0.1"]
        configuration.ice.tcp = false
        let endpoint = try PeerEndpoint(configuration, logger: Logger(label: "test"))
        do { try await body(endpoint) } catch {
            await endpoint.stop()
            throw error
        }
        await endpoint.stop()
    }
}
