import Testing
import Wire

@Suite("Data channel establishment")
struct DCEPMessageTests {
    private let bytes = hex("03 81 0100 00000003 000a 0004 6f61692d6576656e7473 6a736f6e")
    private let open = DataChannelOpen(
        channelType: 0x81, priority: 256, reliability: 3, label: "oai-events", protocolName: "json")

    @Test("An open message goes both ways")
    func openMessage() throws {
        #expect(try DCEPMessage.parse(bytes) == .open(open))
        #expect(DCEPMessage.open(open).serialize() == bytes)
    }

    @Test("An acknowledgement goes both ways")
    func acknowledgement() throws {
        #expect(try DCEPMessage.parse([2]) == .ack)
        #expect(DCEPMessage.ack.serialize() == [2])
    }

    @Test("Labels may be empty or beyond ASCII", arguments: ["", "gespräch 🎙️"])
    func labels(label: String) throws {
        let message = DCEPMessage.open(DataChannelOpen(label: label))
        #expect(try DCEPMessage.parse(message.serialize()) == message)
    }

    @Test(
        "The channel type says what its number means",
        arguments: [
            (0x00, true, nil, nil), (0x80, false, nil, nil), (0x01, true, 9, nil), (0x82, false, nil, 9),
        ] as [(UInt8, Bool, UInt32?, UInt32?)])
    func channelTypes(type: UInt8, ordered: Bool, retransmissions: UInt32?, lifetime: UInt32?) {
        let open = DataChannelOpen(channelType: type, reliability: 9, label: "x")
        #expect(open.isOrdered == ordered)
        #expect(open.maximumRetransmissions == retransmissions)
        #expect(open.maximumLifetimeMilliseconds == lifetime)
    }

    @Test("Every cut of an open message is refused as truncated")
    func everyCut() {
        #expect(throws: WireError.truncated(need: 1, have: 0)) { try DCEPMessage.parse([]) }
        for length in 1..<12 {
            #expect(throws: WireError.truncated(need: 11, have: length - 1)) {
                try DCEPMessage.parse(Array(bytes.prefix(length)))
            }
        }
        for length in 12..<bytes.count {
            #expect(throws: WireError.truncated(need: 14, have: length - 12)) {
                try DCEPMessage.parse(Array(bytes.prefix(length)))
            }
        }
    }

    @Test("Other message types are refused", arguments: [0, 1, 4, 255] as [UInt8])
    func otherTypes(type: UInt8) {
        #expect(throws: WireError.invalid(field: "message type")) { try DCEPMessage.parse([type]) }
    }

    @Test("Text that is not UTF-8 is refused by the field's name")
    func notUTF8() {
        #expect(throws: WireError.invalid(field: "label")) {
            try DCEPMessage.parse(hex("03 00 0000 00000000 0001 0000 ff"))
        }
        #expect(throws: WireError.invalid(field: "protocol")) {
            try DCEPMessage.parse(hex("03 00 0000 00000000 0000 0001 ff"))
        }
    }

    @Test("Text longer than a length field can say is cut")
    func tooLong() throws {
        let message = DCEPMessage.open(DataChannelOpen(label: String(repeating: "l", count: 70_000)))
        let cut = DCEPMessage.open(DataChannelOpen(label: String(repeating: "l", count: 65_535)))
        #expect(try DCEPMessage.parse(message.serialize()) == cut)
    }

    @Test(
        "The payload protocol identifiers are those of RFC 8831",
        arguments: [
            (50, .dcep), (51, .string), (52, .binaryPartial), (53, .binary), (54, .stringPartial), (56, .stringEmpty),
            (57, .binaryEmpty), (55, nil),
        ] as [(UInt32, PayloadProtocolIdentifier?)])
    func identifiers(number: UInt32, identifier: PayloadProtocolIdentifier?) {
        #expect(PayloadProtocolIdentifier(rawValue: number) == identifier)
    }
}
