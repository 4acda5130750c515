import Testing
import Wire

@Suite("RTP headers")
struct RTPHeaderTests {
    private let plain = hex("80 ef 0102 03040506 0a0b0c0d aabbcc")
    private let header = RTPHeader(
        payloadType: PayloadType(111), marker: true, sequenceNumber: 0x0102, timestamp: 0x0304_0506,
        ssrc: SSRC(0x0a0b_0c0d))

    @Test("A plain packet is read field by field")
    func plainPacket() throws {
        let packet = try parseRTP(plain)
        #expect(packet.header == header)
        #expect(packet.payload == 12..<15)
    }

    @Test("A header is written as it was read")
    func writing() throws {
        var bytes = [UInt8](repeating: 0xFF, count: 15)
        try bytes.withUnsafeMutableBytes { try header.write(into: $0) }
        #expect(bytes[..<12] == plain[..<12])
        #expect(bytes[12...] == [0xFF, 0xFF, 0xFF])
    }

    @Test("A buffer too small for a header is refused")
    func writingTooSmall() {
        var bytes = [UInt8](repeating: 0, count: 11)
        #expect(throws: WireError.truncated(need: 12, have: 11)) {
            try bytes.withUnsafeMutableBytes { try header.write(into: $0) }
        }
    }

    @Test("Contributing sources and the extension are stepped over")
    func sourcesAndExtension() throws {
        let packet = try parseRTP(
            hex("92 6f 0001 00000002 00000003 11111111 22222222 bede 0002 10ff0000 00000000 cc"))
        #expect(packet.header.payloadType == PayloadType(111))
        #expect(!packet.header.marker)
        #expect(packet.payload == 32..<33)
    }

    @Test("Padding is taken off the payload")
    func padding() throws {
        #expect(try parseRTP(hex("a0 6f 0001 00000002 00000003 aabb 000003")).payload == 12..<14)
        #expect(try parseRTP(hex("a0 6f 0001 00000002 00000003 000003")).payload == 12..<12)
    }

    @Test("Padding that is empty, absent or longer than the packet is refused", arguments: ["aabb00", "aabb04", ""])
    func badPadding(end: String) {
        #expect(throws: WireError.invalid(field: "padding")) {
            try parseRTP(hex("a0 6f 0001 00000002 00000003" + end))
        }
    }

    @Test("Every shorter packet is refused with what it lacks", arguments: 0..<12)
    func truncated(length: Int) {
        #expect(throws: WireError.truncated(need: 12, have: length)) { try parseRTP(Array(plain.prefix(length))) }
    }

    @Test("Sources and extensions beyond the end are refused")
    func truncatedLists() {
        #expect(throws: WireError.truncated(need: 60, have: 3)) {
            try parseRTP(hex("8f 6f 0001 00000002 00000003 aabbcc"))
        }
        #expect(throws: WireError.truncated(need: 2, have: 0)) {
            try parseRTP(hex("90 6f 0001 00000002 00000003 bede"))
        }
        #expect(throws: WireError.truncated(need: 262_140, have: 4)) {
            try parseRTP(hex("90 6f 0001 00000002 00000003 bede ffff 00000000"))
        }
    }

    @Test("Another version is refused", arguments: [0x00, 0x40, 0xC0] as [UInt8])
    func version(first: UInt8) {
        #expect(throws: WireError.invalid(field: "version")) { try parseRTP([first] + plain.dropFirst()) }
    }
}
