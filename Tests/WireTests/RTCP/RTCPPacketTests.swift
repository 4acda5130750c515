import Testing
import Wire

@Suite("RTCP packets")
struct RTCPPacketTests {
    private let block = ReportBlock(
        ssrc: SSRC(0x1111_1111), fractionLost: 0x40, cumulativeLost: -2, highestSequence: 0x0001_0002, jitter: 5,
        lastSenderReport: 0x0a0b_0c0d, delaySinceLastSenderReport: 0x0001_0000)
    private let blockBytes = "11111111 40fffffe 00010002 00000005 0a0b0c0d 00010000"

    @Test("A sender report with a report block goes both ways")
    func senderReport() throws {
        let bytes = hex("81c8000c 01020304 e1e2e3e4 80000000 000003c0 00000064 00001f40" + blockBytes)
        let report = SenderReport(
            ssrc: SSRC(0x0102_0304), ntpTimestamp: 0xe1e2_e3e4_8000_0000, rtpTimestamp: 960, packetCount: 100,
            octetCount: 8_000, reports: [block])
        #expect(try parseRTCP(bytes) == [.senderReport(report)])
        #expect(serialize([.senderReport(report)]) == bytes)
    }

    @Test("A receiver report goes both ways, with and without blocks")
    func receiverReport() throws {
        let empty = hex("80c90001 01020304")
        #expect(try parseRTCP(empty) == [.receiverReport(ReceiverReport(ssrc: SSRC(0x0102_0304), reports: []))])
        let two = hex("82c9000d 01020304" + blockBytes + blockBytes)
        let report = ReceiverReport(ssrc: SSRC(0x0102_0304), reports: [block, block])
        #expect(try parseRTCP(two) == [.receiverReport(report)])
        #expect(serialize([.receiverReport(report)]) == two)
    }

    @Test(
        "Losses beyond 24 bits are clamped",
        arguments: [(Int32.max, 0x7F_FFFF), (Int32.min, -0x80_0000), (-1, -1)] as [(Int32, Int32)])
    func clamping(lost: Int32, written: Int32) throws {
        var wide = block
        wide.cumulativeLost = lost
        var clamped = block
        clamped.cumulativeLost = written
        let report = ReceiverReport(ssrc: SSRC(1), reports: [wide])
        #expect(
            try parseRTCP(serialize([.receiverReport(report)]))
                == [.receiverReport(ReceiverReport(ssrc: SSRC(1), reports: [clamped]))])
    }

    @Test("Source descriptions go both ways whatever the padding of their names", arguments: 0...9)
    func sourceDescription(length: Int) throws {
        let name = String("parley@ho".prefix(length))
        let chunks = [
            SourceDescriptionChunk(ssrc: SSRC(7), cname: name), SourceDescriptionChunk(ssrc: SSRC(8), cname: "b"),
        ]
        let bytes = serialize([.sourceDescription(chunks)])
        #expect(bytes.count % 4 == 0)
        #expect(try parseRTCP(bytes) == [.sourceDescription(chunks)])
    }

    @Test("A source description's bytes are those of the specification")
    func sourceDescriptionBytes() throws {
        let bytes = hex("81ca0003 00000007 01 04 61626364 00 00")
        #expect(serialize([.sourceDescription([SourceDescriptionChunk(ssrc: SSRC(7), cname: "abcd")])]) == bytes)
    }

    @Test("Requests for packets go both ways, runs of them in one word")
    func genericNack() throws {
        let bytes = hex("81cd0004 01020304 11111111 fffe8005 00640000")
        let nack = GenericNack(
            sender: SSRC(0x0102_0304), source: SSRC(0x1111_1111), sequences: [0xFFFE, 0xFFFF, 1, 14, 100])
        #expect(try parseRTCP(bytes) == [.nack(nack)])
        #expect(serialize([.nack(nack)]) == bytes)
    }

    @Test("A request that names no packet is refused, and one that names thousands is cut short")
    func nackLimits() throws {
        #expect(throws: WireError.self) { try parseRTCP(hex("81cd0002 01020304 11111111")) }
        let many = GenericNack(sender: SSRC(1), source: SSRC(2), sequences: (0..<1_000).map { $0 * 2 })
        guard case .nack(let read)? = try parseRTCP(serialize([.nack(many)])).first else {
            Issue.record("no request")
            return
        }
        #expect(read.sequences == Array(many.sequences.prefix(GenericNack.maximumSequences)))
    }

    @Test("Items other than the canonical name are read over")
    func otherItems() throws {
        let bytes = hex("81ca0004 00000007 02 02 5858 01 03 616263 06 00 00")
        #expect(try parseRTCP(bytes) == [.sourceDescription([SourceDescriptionChunk(ssrc: SSRC(7), cname: "abc")])])
    }

    @Test("A goodbye goes both ways, with and without a reason")
    func goodbye() throws {
        let plain = hex("82cb0002 00000007 00000008")
        #expect(try parseRTCP(plain) == [.goodbye(Goodbye(sources: [SSRC(7), SSRC(8)]))])
        #expect(serialize([.goodbye(Goodbye(sources: [SSRC(7), SSRC(8)]))]) == plain)
        let reasoned = hex("81cb0003 00000007 04 62796521 000000")
        #expect(try parseRTCP(reasoned) == [.goodbye(Goodbye(sources: [SSRC(7)], reason: "bye!"))])
        #expect(serialize([.goodbye(Goodbye(sources: [SSRC(7)], reason: "bye!"))]) == reasoned)
    }

    @Test("A compound keeps its order, and feedback in it is only named")
    func compound() throws {
        let bytes = hex("80c90001 01020304 8fce0003 00000001 00000002 00000000 81cb0001 00000007")
        let report = RTCPPacket.receiverReport(ReceiverReport(ssrc: SSRC(0x0102_0304), reports: []))
        let goodbye = RTCPPacket.goodbye(Goodbye(sources: [SSRC(7)]))
        let packets = try parseRTCP(bytes)
        #expect(packets == [report, .other(type: 206, count: 15), goodbye])
        #expect(serialize(packets) == hex("80c90001 01020304 81cb0001 00000007"))
    }

    @Test("A reduced-size datagram may begin with feedback")
    func reducedSize() throws {
        #expect(try parseRTCP(hex("8fcd0002 00000001 00000002")) == [.other(type: 205, count: 15)])
    }

    @Test("Padding is taken off the packet that has it")
    func padding() throws {
        let bytes = hex("a1cb0002 00000007 00000004")
        #expect(try parseRTCP(bytes) == [.goodbye(Goodbye(sources: [SSRC(7)]))])
    }

    @Test("Lists longer than the count field can say are cut")
    func longLists() throws {
        let goodbye = RTCPPacket.goodbye(Goodbye(sources: (0..<40).map { SSRC($0) }))
        #expect(try parseRTCP(serialize([goodbye])) == [.goodbye(Goodbye(sources: (0..<31).map { SSRC($0) }))])
        let name = String(repeating: "n", count: 300)
        let chunk = SourceDescriptionChunk(ssrc: SSRC(1), cname: name)
        let cut = SourceDescriptionChunk(ssrc: SSRC(1), cname: String(name.prefix(255)))
        #expect(try parseRTCP(serialize([.sourceDescription([chunk])])) == [.sourceDescription([cut])])
    }
}
