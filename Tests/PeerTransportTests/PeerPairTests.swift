import AudioPipeline
import TestKit
import Testing
import Wire

@testable import PeerTransport

/// Whole calls on virtual time. In a process of their own: usrsctp's clock is process-wide.
@Suite("Peer pair on virtual time", .serialized)
struct PeerPairTests {
    @Test("Two peers agree on keys and open a data channel")
    func handshake() throws {
        let pair = try PeerPair()
        pair.connect()
        #expect(pair.run(.seconds(2)) { $0.left.establishedAt != nil && $0.right.establishedAt != nil })
        pair.perform(.openChannel(label: "oai-events"), on: pair.right)
        #expect(pair.run(.seconds(2)) { !$0.left.channels.isEmpty })
        #expect(pair.left.channels == [DataChannel(id: 0, label: "oai-events", protocolName: "")])
    }
}
