import Testing
import Wire

@Suite("Telling datagrams apart")
struct DemuxTests {
    private func classify(_ bytes: [UInt8]) -> PacketClass {
        bytes.withUnsafeBytes { PacketClass.classify($0) }
    }

    @Test("Every first byte belongs to the class RFC 7983 gives it", arguments: 0...255 as ClosedRange<UInt8>)
    func firstByte(first: UInt8) {
        let expected: PacketClass =
            switch first {
            case 0...3: .stun
            case 20...63: .dtls
            case 64...79: .turnChannel
            case 128...191: .rtp
            default: .unknown
            }
        #expect(classify([first, 111]) == expected)
    }

    @Test(
        "The payload types 64 to 95 are RTCP, with and without the marker bit", arguments: 0...255 as ClosedRange<UInt8>
    )
    func secondByte(second: UInt8) {
        let isRTCP = (64...95).contains(second) || (192...223).contains(second)
        #expect(classify([0x80, second]) == (isRTCP ? .rtcp : .rtp))
    }

    @Test("Nothing, and half of an RTP header's first word, are unknown")
    func short() {
        #expect(classify([]) == .unknown)
        #expect(classify([0x80]) == .unknown)
    }
}
