import Testing
import Wire

@Suite("RED payloads")
struct RedundantPayloadTests {
    /// Two earlier payloads of type 111, 1920 and 960 ticks older, and the packet's own.
    private static let bytes: [UInt8] = [
        0xEF, 0x1E, 0x00, 0x02, 0xEF, 0x0F, 0x00, 0x03, 0x6F, 1, 2, 3, 4, 5, 6, 7,
    ]

    @Test("Blocks are read oldest first, each with its distance, offset and bytes")
    func read() throws {
        try Self.bytes.withUnsafeBytes { bytes in
            let payload = try RedundantPayload(parsing: bytes)
            #expect(payload.payloadType == PayloadType(111))
            #expect(Array(payload.payload) == [6, 7])
            var blocks: [RedundantPayload.Block] = []
            payload.forEachBlock { blocks.append($0) }
            #expect(blocks.map(\.payloadType) == [PayloadType(111), PayloadType(111)])
            #expect(blocks.map(\.distance) == [2, 1])
            #expect(blocks.map(\.timestampOffset) == [1_920, 960])
            #expect(blocks.map { Array($0.payload) } == [[1, 2], [3, 4, 5]])
        }
    }

    @Test("A payload without earlier ones is its own after one byte, and may be empty")
    func primaryOnly() throws {
        for bytes in [[111], [111, 9]] as [[UInt8]] {
            try bytes.withUnsafeBytes {
                let payload = try RedundantPayload(parsing: $0)
                #expect(payload.count == 0)
                #expect(Array(payload.payload) == Array(bytes.dropFirst()))
            }
        }
    }

    @Test("A payload cut off anywhere before its own begins is refused", arguments: 0..<14)
    func truncated(length: Int) {
        #expect(throws: WireError.self) {
            try Self.bytes.prefix(length).withUnsafeBytes { _ = try RedundantPayload(parsing: $0) }
        }
    }

    @Test("More earlier payloads than speech is sent with are refused")
    func tooMany() {
        let header: [UInt8] = [0xEF, 0, 0, 0]
        let bytes = Array([[UInt8]](repeating: header, count: 9).joined()) + [111]
        #expect(throws: WireError.invalid(field: "redundancy")) {
            try bytes.withUnsafeBytes { _ = try RedundantPayload(parsing: $0) }
        }
    }

    @Test("A header is written as it is read, or not at all where it cannot say so much")
    func write() throws {
        var bytes = [UInt8](repeating: 0, count: 4)
        let type = PayloadType(111)
        bytes.withUnsafeMutableBytes {
            #expect(RedundantPayload.writeHeader(type, timestampOffset: 1_920, length: 2, into: $0) == 4)
            #expect(RedundantPayload.writeHeader(type, timestampOffset: 16_384, length: 2, into: $0) == nil)
            #expect(RedundantPayload.writeHeader(type, timestampOffset: 0, length: 1_024, into: $0) == nil)
        }
        #expect(bytes == Array(Self.bytes.prefix(4)))
    }
}
