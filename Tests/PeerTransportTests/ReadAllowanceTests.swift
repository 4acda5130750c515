import AudioPipeline
import TestKit
import Testing
import Wire

@testable import PeerTransport

@Suite("What is read of one peer")
struct ReadAllowanceTests {
    /// Which of so many packets was the last for now, counted from one; none is 0.
    private func spend(_ packets: Int, of allowance: inout ReadAllowance) -> [Int] {
        (1...packets).filter { _ in allowance.spend() }
    }

    @Test("512 packets are read at once, then 32 a frame, and 512 again after sixteen quiet frames")
    func spending() {
        var allowance = ReadAllowance()
        // One that was under way counts, and says nothing new.
        let first = spend(513, of: &allowance)
        #expect(first == [512])
        for _ in 0..<3 {
            let goesOn = allowance.refill()
            #expect(goesOn)
            let last = spend(33, of: &allowance)
            #expect(last == [32])
        }
        let frames = (1...20).filter { _ in allowance.refill() }
        #expect(frames == [1, 2])
        let again = spend(512, of: &allowance)
        #expect(again == [512])
    }

    @Test("Others read a socket again after a frame in which nothing was left unread, and not in a flood")
    func others() {
        var allowance = ReadAllowance()
        var readings = [allowance.reading]
        _ = spend(512, of: &allowance)
        for packets in [32, 32, 31, 0] {
            readings.append(allowance.reading)
            _ = allowance.refill()
            readings.append(allowance.reading)
            if packets > 0 { _ = spend(packets, of: &allowance) }
        }
        readings.append(allowance.reading)
        #expect(
            readings == [
                .all, .nothing, .measured, .nothing, .measured, .nothing, .measured, .measured, .all, .all,
            ])
    }

    @Test("An honest peer, 150 packets a second and five seconds of them at once, never stops being read")
    func honest() {
        var allowance = ReadAllowance()
        var stops = 0
        for _ in 0..<100 {
            stops += spend(3, of: &allowance).count
            _ = allowance.refill()
        }
        stops += spend(500, of: &allowance).count
        #expect(stops == 0)
    }
}

extension PeerPairTests {
    @Test("Of 10,000 packets a second 1,600 are read, what does not fit is dropped, and the call goes on")
    func flood() throws {
        var terms = PeerPair.Terms()
        terms.packets = Flood()
        let pair = try PeerPair(terms: terms)
        pair.connect()
        try #require(pair.run(.seconds(2)) { $0.bothEstablished })
        pair.perform(.openChannel(label: "events"), on: pair.left)
        try #require(pair.run(.seconds(1)) { !$0.right.channels.isEmpty })
        let before = pair.right.machine.counters.rtpReceived
        for _ in 0..<50 {
            for _ in 0..<199 { pair.perform(.frameTick, on: pair.left) }
            pair.run(.milliseconds(20))
        }
        let read = pair.right.machine.counters.rtpReceived - before
        #expect((2_000...2_200).contains(read), "\(read)")
        #expect(pair.right.unread.count == MachineDriver.socketDatagrams - ReadAllowance.packetsPerFrame)
        #expect((7_300...7_800).contains(pair.right.dropped), "\(pair.right.dropped)")

        // It is read as ever afterwards, and is still there.
        pair.run(.seconds(1))
        #expect(pair.right.unread.isEmpty)
        let message = DataChannelMessage(channel: pair.left.channels[0].id, payload: .string([0x7B, 0x7D]))
        pair.perform(.send(message), on: pair.left)
        #expect(pair.run(.seconds(5)) { $0.right.messages == [message] })
        #expect(pair.right.closed == nil)
    }

    @Test("A megabyte in four events comes through whole, in less than a second of the network's time")
    func events() throws {
        let pair = try PeerPair()
        pair.connect()
        try #require(pair.run(.seconds(2)) { $0.bothEstablished })
        pair.perform(.openChannel(label: "events"), on: pair.left)
        try #require(pair.run(.seconds(1)) { !$0.right.channels.isEmpty })
        let events = (1...4).map {
            DataChannelMessage(
                channel: pair.left.channels[0].id, payload: .string([UInt8](repeating: 64 + $0, count: 250_000)))
        }
        for event in events { pair.perform(.send(event), on: pair.left) }
        #expect(pair.run(.seconds(1)) { $0.right.messages.count == 4 })
        #expect(pair.right.messages == events)
    }
}

/// A frame of digital silence each time it is asked.
private final class Flood: PacketAudio {
    func frame(into room: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant) -> PacketAudioFrame? {
        // Opus, SILK, 20 ms, without contents (RFC 6716 §3.1).
        room[0] = 0x08
        return PacketAudioFrame(bytes: 1, startsTalkspurt: false, isLost: false)
    }

    func received(_ header: RTPHeader, payload: UnsafeRawBufferPointer, now: ContinuousClock.Instant) {}
}
