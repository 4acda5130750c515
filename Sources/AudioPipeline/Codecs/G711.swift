/// The two companding laws of ITU-T G.711 between 8-bit codes and 16-bit linear PCM, without allocation.
///
///      7   6 5 4   3 2 1 0
///     +-+---------+-------+
///     |S| segment | step  |     µ-law is sent inverted, A-law with every second bit inverted (XOR 0x55)
///     +-+---------+-------+
///
/// Linear values are the 14-bit (µ) and 13-bit (A) values of the standard, shifted up to fill 16 bits.
package enum G711 {
    /// Which of the two tables of the standard.
    package enum Law: Hashable, Sendable {
        case mu
        case a
    }

    /// Turns codes into samples and returns how many: as many as there are codes, or as fit.
    package static func decode(
        _ codes: UnsafeRawBufferPointer, _ law: Law, into output: UnsafeMutableBufferPointer<Int16>
    ) -> Int {
        let table = law == .mu ? muTable : aTable
        let count = min(codes.count, output.count)
        for index in 0..<count {
            output[index] = table[Int(codes[index])]
        }
        return count
    }

    /// Turns samples into codes and returns how many: as many as there are samples, or as fit.
    package static func encode(
        _ samples: UnsafeBufferPointer<Int16>, _ law: Law, into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        let count = min(samples.count, output.count)
        for index in 0..<count {
            output[index] = law == .mu ? muCode(samples[index]) : aCode(samples[index])
        }
        return count
    }

    private static let muTable = (0...UInt8.max).map(muSample)
    private static let aTable = (0...UInt8.max).map(aSample)

    /// The smallest magnitude of the lowest µ-law segment in 16-bit terms; added so that segments are powers of two.
    private static let muBias: Int32 = 132
    /// The largest magnitude µ-law can say.
    private static let muClip: Int32 = 32_635

    private static func muSample(_ code: UInt8) -> Int16 {
        let bits = Int32(~code)
        let magnitude = ((bits & 0x0F) << 3 + muBias) << ((bits >> 4) & 7) - muBias
        return Int16(bits & 0x80 == 0 ? magnitude : -magnitude)
    }

    private static func muCode(_ sample: Int16) -> UInt8 {
        let biased = min(Int32(sample.magnitude), muClip) + muBias
        let segment = topBit(biased) - 7
        let step = (biased >> (segment + 3)) & 0x0F
        let sign: Int32 = sample < 0 ? 0x80 : 0
        return ~UInt8(truncatingIfNeeded: sign | segment << 4 | step)
    }

    private static func aSample(_ code: UInt8) -> Int16 {
        let bits = Int32(code ^ 0x55)
        let segment = (bits >> 4) & 7
        let middle = (bits & 0x0F) << 4 + 8
        let magnitude = segment == 0 ? middle : (middle + 0x100) << (segment - 1)
        return Int16(bits & 0x80 == 0 ? -magnitude : magnitude)
    }

    private static func aCode(_ sample: Int16) -> UInt8 {
        let magnitude = Int32(sample < 0 ? ~sample : sample)
        let segment = magnitude < 0x100 ? 0 : topBit(magnitude) - 7
        let step = (magnitude >> max(segment + 3, 4)) & 0x0F
        let sign: Int32 = sample < 0 ? 0 : 0x80
        return UInt8(truncatingIfNeeded: sign | segment << 4 | step) ^ 0x55
    }

    private static func topBit(_ value: Int32) -> Int32 {
        31 - Int32(value.leadingZeroBitCount)
    }
}
