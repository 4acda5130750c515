import AudioPipeline
import TestKit
import Testing
import Wire

@testable import PeerTransport

extension PeerPairTests {
    @Test(
        "A synthetic peer's packets go out as they are, those it loses are missing, and it hears packets instead of sound"
    )
    func packets() async throws {
        let packets = CountedPackets()
        var terms = PeerPair.Terms()
        terms.packets = packets
        let pair = try PeerPair(terms: terms)
        pair.connect()
        try #require(pair.run(.seconds(2)) { $0.bothEstablished })
        let before = packets.sent
        await pair.speak(.seconds(2))
        pair.run(.seconds(2))
        // One in ten is lost on its way; what is under way at the end has not come.
        let sent = packets.sent - before
        #expect(sent == 100)
        let received = pair.right.machine.counters.rtpReceived
        #expect(abs(received - packets.sent * 9 / 10) <= 3)
        #expect(abs(pair.right.machine.counters.lostPackets - packets.sent / 10) <= 2)
        // Two seconds of speech came, each packet once and in order, and none was made sound.
        #expect(abs(packets.heard.count - 100) <= 2)
        #expect(zip(packets.heard, packets.heard.dropFirst()).allSatisfy { $1 == $0 &+ 1 })
        #expect(pair.left.blocks.isEmpty)
        #expect(pair.left.machine.counters.rtpReceived == packets.heard.count)
    }
}

/// Sends a frame of digital silence each time, of which one in ten is lost.
private final class CountedPackets: PacketAudio {
    /// Opus, SILK, 20 ms, without contents (RFC 6716 §3.1).
    private static let silence: UInt8 = 0x08
    private let state = PosixLock((sent: 0, heard: [UInt16]()))

    var sent: Int { state.withLock { $0.sent } }
    var heard: [UInt16] { state.withLock { $0.heard } }

    func frame(into room: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant) -> PacketAudioFrame? {
        room[0] = Self.silence
        let number = state.withLock { state in
            state.sent += 1
            return state.sent
        }
        return PacketAudioFrame(bytes: 1, startsTalkspurt: number == 1, isLost: number % 10 == 0)
    }

    func received(_ header: RTPHeader, payload: UnsafeRawBufferPointer, now: ContinuousClock.Instant) {
        state.withLock { $0.heard.append(header.sequenceNumber) }
    }
}
