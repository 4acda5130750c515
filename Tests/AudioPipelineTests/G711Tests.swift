import AudioPipeline
import Testing

@Suite("G.711") struct G711Tests {
    @Test(
        "µ-law codes decode to the values of ITU-T G.711 table 2a/2b",
        arguments: [
            (0x80, 32_124), (0x00, -32_124), (0xFF, 0), (0x7F, 0), (0xFE, 8), (0x7E, -8), (0xF0, 120), (0xEF, 132),
            (0x8F, 16_764), (0xCE, 988),
        ] as [(UInt8, Int16)])
    func muDecode(code: UInt8, sample: Int16) {
        #expect(decode([code], .mu) == [sample])
    }

    @Test(
        "A-law codes decode to the values of ITU-T G.711 table 1a/1b",
        arguments: [
            (0xAA, 32_256), (0x2A, -32_256), (0xD5, 8), (0x55, -8), (0xD4, 24), (0xC5, 264), (0xFA, 1_008),
        ] as [(UInt8, Int16)])
    func aDecode(code: UInt8, sample: Int16) {
        #expect(decode([code], .a) == [sample])
    }

    @Test(
        "Samples encode to the code of their interval, the extremes included",
        arguments: [
            (0, 0xFF, 0xD5), (-1, 0x7F, 0x55), (1_000, 0xCE, 0xFA), (-1_000, 0x4E, 0x7A), (32_767, 0x80, 0xAA),
            (-32_768, 0x00, 0x2A),
        ] as [(Int16, UInt8, UInt8)])
    func encodes(sample: Int16, mu: UInt8, a: UInt8) {
        #expect(encode([sample], .mu) == [mu])
        #expect(encode([sample], .a) == [a])
    }

    @Test("Every code comes back from its own sample; only µ-law's negative zero becomes the positive one")
    func roundTrip() {
        let codes = Array(UInt8.min...UInt8.max)
        #expect(encode(decode(codes, .a), .a) == codes)
        #expect(encode(decode(codes, .mu), .mu) == codes.map { $0 == 0x7F ? 0xFF : $0 })
    }

    @Test("Every sample comes back within half a step of its segment", arguments: [G711.Law.mu, .a])
    func accuracy(law: G711.Law) {
        let samples = Array(Int16.min...Int16.max)
        for (sample, back) in zip(samples, decode(encode(samples, law), law)) {
            let error = abs(Int(sample) - Int(back))
            #expect(error <= max(16, (abs(Int(sample)) + 132) / 32), "sample \(sample) came back as \(back)")
        }
    }

    @Test("A short output takes what fits")
    func shortOutput() {
        var room = [Int16](repeating: 0, count: 2)
        let count = room.withUnsafeMutableBufferPointer { room in
            [UInt8](repeating: 0xFF, count: 5).withUnsafeBytes { G711.decode($0, .mu, into: room) }
        }
        #expect(count == 2)
    }

    private func decode(_ codes: [UInt8], _ law: G711.Law) -> [Int16] {
        [Int16](unsafeUninitializedCapacity: codes.count) { room, count in
            count = codes.withUnsafeBytes { G711.decode($0, law, into: room) }
        }
    }

    private func encode(_ samples: [Int16], _ law: G711.Law) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: samples.count) { room, count in
            count = samples.withUnsafeBufferPointer { G711.encode($0, law, into: UnsafeMutableRawBufferPointer(room)) }
        }
    }
}
