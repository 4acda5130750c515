import AudioPipeline
import Testing
import Wire

@Suite("Repeated payloads") struct RedundancyWriterTests {
    private static let type = PayloadType(111)

    /// What one written payload says: its own, and the earlier ones by their offset, oldest first.
    private struct Read: Equatable {
        var own: [UInt8]
        var earlier: [UInt32: [UInt8]] = [:]
    }

    @Test("Each payload brings the ones before it, as many as are asked for")
    func depths() throws {
        let writer = RedundancyWriter()
        #expect(try write([1], at: 0, depth: 2, writer) == nil)
        #expect(try write([2, 2], at: 960, depth: 2, writer) == Read(own: [2, 2], earlier: [960: [1]]))
        #expect(
            try write([3, 3, 3], at: 1_920, depth: 2, writer)
                == Read(own: [3, 3, 3], earlier: [1_920: [1], 960: [2, 2]]))
        #expect(try write([4], at: 2_880, depth: 1, writer) == Read(own: [4], earlier: [960: [3, 3, 3]]))
        #expect(try write([5], at: 3_840, depth: 0, writer) == nil)
        #expect(try write([6], at: 4_800, depth: 2, writer) == Read(own: [6], earlier: [1_920: [4], 960: [5]]))
        #expect(
            try write([7], at: 5_760, depth: 9, writer) == Read(own: [7], earlier: [1_920: [5], 960: [6]]))
    }

    @Test("A timestamp that wraps is no obstacle, a pause too long to be said is")
    func offsets() throws {
        let writer = RedundancyWriter()
        _ = try write([1], at: UInt32.max - 959, depth: 1, writer)
        #expect(try write([2], at: 0, depth: 1, writer) == Read(own: [2], earlier: [960: [1]]))
        #expect(try write([3], at: 16_384, depth: 2, writer) == nil)
        #expect(try write([4], at: 17_344, depth: 2, writer) == Read(own: [4], earlier: [960: [3]]))
    }

    @Test("What is too large to be repeated, or does not fit, goes alone")
    func sizes() throws {
        let writer = RedundancyWriter()
        _ = try write([UInt8](repeating: 1, count: 513), at: 0, depth: 1, writer)
        #expect(try write([2], at: 960, depth: 1, writer) == nil)
        #expect(try write([3], at: 1_920, depth: 1, writer, room: 6) == nil)
        #expect(try write([4], at: 2_880, depth: 1, writer, room: 7) == Read(own: [4], earlier: [960: [3]]))
    }

    private func write(
        _ payload: [UInt8], at timestamp: UInt32, depth: Int, _ writer: RedundancyWriter, room: Int = 1_500
    ) throws -> Read? {
        var buffer = payload + [UInt8](repeating: 0, count: max(0, room - payload.count))
        return try buffer.withUnsafeMutableBytes { bytes in
            let length = writer.write(
                payload.count, timestamp: timestamp, payloadType: Self.type, depth: depth, into: bytes)
            guard let length else {
                #expect(Array(bytes.prefix(payload.count)) == payload)
                return nil
            }
            let red = try RedundantPayload(parsing: UnsafeRawBufferPointer(rebasing: bytes[..<length]))
            #expect(red.payloadType == Self.type)
            var read = Read(own: Array(red.payload))
            red.forEachBlock { read.earlier[$0.timestampOffset] = Array($0.payload) }
            return read
        }
    }
}
