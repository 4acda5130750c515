import Testing
import Wire

@Suite("RTCP that is not right")
struct InvalidRTCPTests {
    private let whole = [
        "81c8000c 01020304 e1e2e3e4 80000000 000003c0 00000064 00001f40"
            + "11111111 40fffffe 00010002 00000005 0a0b0c0d 00010000",
        "80c90001 01020304", "81ca0003 00000007 01 04 61626364 00 00", "81cb0003 00000007 04 62796521 000000",
    ].map(hex)

    @Test("Every cut of every packet is refused as truncated")
    func everyCut() {
        for packet in whole {
            for length in 0..<packet.count {
                let need = length < 4 ? 4 : packet.count - 4
                let have = length < 4 ? length : length - 4
                #expect(throws: WireError.truncated(need: need, have: have)) {
                    try parseRTCP(Array(packet.prefix(length)))
                }
            }
        }
    }

    @Test(
        "A body shorter than its count says is refused",
        arguments: [
            ("81c80006 01020304 e1e2e3e4 80000000 000003c0 00000064 00001f40", 48, 24), ("81c90001 01020304", 28, 4),
            ("82cb0001 00000007", 8, 4), ("81ca0000", 4, 0), ("81ca0002 00000007 01 09 6162", 9, 2),
            ("81cb0002 00000007 09 616263", 9, 3),
        ])
    func shortBody(text: String, need: Int, have: Int) {
        #expect(throws: WireError.truncated(need: need, have: have)) { try parseRTCP(hex(text)) }
    }

    @Test("A source description without its final null is refused")
    func withoutNull() {
        #expect(throws: WireError.truncated(need: 1, have: 0)) { try parseRTCP(hex("81ca0002 00000007 01 02 6162")) }
    }

    @Test("Another version is refused, also in a later packet", arguments: ["40c90001 01020304", "80cb0000 00000000"])
    func version(text: String) {
        #expect(throws: WireError.invalid(field: "version")) { try parseRTCP(hex(text)) }
    }

    @Test(
        "Padding that is empty, absent or longer than the body is refused",
        arguments: [
            "a1cb0001 00000000", "a0cb0000", "a1cb0001 00000005",
        ])
    func padding(text: String) {
        #expect(throws: WireError.invalid(field: "padding")) { try parseRTCP(hex(text)) }
    }

    @Test("Names that are not UTF-8 are repaired, not refused")
    func repaired() throws {
        let bytes = hex("81ca0003 00000007 01 03 61ff62 000000")
        #expect(
            try parseRTCP(bytes) == [.sourceDescription([SourceDescriptionChunk(ssrc: SSRC(7), cname: "a\u{FFFD}b")])])
    }
}
