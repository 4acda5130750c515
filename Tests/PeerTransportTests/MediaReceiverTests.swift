import AudioPipeline
import Testing
import Wire

@testable import PeerTransport

@Suite("Media receiver") struct MediaReceiverTests {
    /// The length of padding stands in a packet's last byte, which is encrypted (RFC 3711 §3.1).
    @Test("Padded packets are heard, whatever their encrypted padding looks like")
    func padding() throws {
        let master = (0..<30).map { UInt8($0) }
        let sender = try SRTPContext(profile: .aes128CMHMACSHA1, master: master, inbound: false)
        let receiver = MediaReceiver(
            srtp: try SRTPContext(profile: .aes128CMHMACSHA1, master: master, inbound: true),
            codec: .opus, rate: .hz24000, payloadType: PayloadType(111),
            redundancyType: nil)
        var counters = PeerCounters()
        for number: UInt8 in 0..<64 {
            let header: [UInt8] = [0xA0, 111, 0, number, 0, 0, number, 0, 0, 0, 0, 9]
            // Opus, SILK, 20 ms, without contents (RFC 6716 §3.1), and three bytes of padding.
            let plain = header + [0x08, 0, 0, 3]
            var packet = plain + [UInt8](repeating: 0, count: SRTPContext.overhead)
            let length = try packet.withUnsafeMutableBytes { try sender.protectRTP($0, length: plain.count) }
            packet.removeLast(packet.count - length)
            let received = packet.withUnsafeMutableBytes { receiver.receive($0, now: .now, counters: &counters) }
            #expect(received?.sequence == Int64(number))
        }
        #expect(counters.rtpReceived == 64)
        #expect(counters.droppedMalformed == 0)
    }
}
