import Glibc

/// A complex discrete Fourier transform of a fixed length with small prime factors, not scaled (Stockham, mixed radix).
///
/// Used from one thread: it owns its scratch memory.
final class FourierTransform {
    let length: Int
    private let factors: [Int]
    /// cos and sin of −2πk/length.
    private let cosines: [Float]
    private let sines: [Float]
    private var scratchReal: [Float]
    private var scratchImaginary: [Float]

    init(length: Int) {
        var (rest, factors) = (length, [Int]())
        for factor in [4, 5, 3, 2] {
            while rest % factor == 0 {
                factors.append(factor)
                rest /= factor
            }
        }
        precondition(rest == 1, "\(length) has a factor above 5")
        self.length = length
        self.factors = factors
        let angles = (0..<length).map { -2 * Double.pi * Double($0) / Double(length) }
        cosines = angles.map { Float(cos($0)) }
        sines = angles.map { Float(sin($0)) }
        scratchReal = Array(repeating: 0, count: length)
        scratchImaginary = scratchReal
    }

    /// In place; the inverse is the same with the two parts exchanged.
    func forward(_ real: inout [Float], _ imaginary: inout [Float]) {
        precondition(real.count == length && imaginary.count == length)
        var (size, stride) = (length, 1)
        for factor in factors {
            pass(factor, size, stride, real, imaginary, &scratchReal, &scratchImaginary)
            swap(&real, &scratchReal)
            swap(&imaginary, &scratchImaginary)
            size /= factor
            stride *= factor
        }
    }

    func inverse(_ real: inout [Float], _ imaginary: inout [Float]) { forward(&imaginary, &real) }

    /// One pass of decimation in frequency: `size` points are left to transform, `stride` transforms lie side by side.
    private func pass(
        _ radix: Int, _ size: Int, _ stride: Int, _ fromReal: [Float], _ fromImaginary: [Float],
        _ toReal: inout [Float], _ toImaginary: inout [Float]
    ) {
        let part = size / radix
        let root = length / radix
        fromReal.withUnsafeBufferPointer { fromReal in
            fromImaginary.withUnsafeBufferPointer { fromImaginary in
                toReal.withUnsafeMutableBufferPointer { toReal in
                    toImaginary.withUnsafeMutableBufferPointer { toImaginary in
                        for p in 0..<part {
                            for u in 0..<radix {
                                let twiddle = p * u * stride
                                let (turnReal, turnImaginary) = (cosines[twiddle], sines[twiddle])
                                let target = stride * (radix * p + u)
                                for q in 0..<stride {
                                    var (sumReal, sumImaginary) = (Float(0), Float(0))
                                    for t in 0..<radix {
                                        let source = q + stride * (p + part * t)
                                        let angle = t * u % radix * root
                                        let (c, s) = (cosines[angle], sines[angle])
                                        sumReal += fromReal[source] * c - fromImaginary[source] * s
                                        sumImaginary += fromReal[source] * s + fromImaginary[source] * c
                                    }
                                    toReal[target + q] = sumReal * turnReal - sumImaginary * turnImaginary
                                    toImaginary[target + q] = sumReal * turnImaginary + sumImaginary * turnReal
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
