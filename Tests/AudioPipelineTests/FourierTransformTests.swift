import Foundation
import Testing

@testable import AudioPipeline

@Suite("Fourier transform")
struct FourierTransformTests {
    @Test("The transform agrees with the definition, and its inverse undoes it", arguments: [12, 60, 1200, 2048])
    func transform(length: Int) {
        let transform = FourierTransform(length: length)
        let input = (0..<length).map { Float(sin(Double($0 * $0))) }
        var real = input
        var imaginary = [Float](repeating: 0, count: length)
        transform.forward(&real, &imaginary)
        for bin in [0, 1, length / 3, length - 1] {
            let (expectedReal, expectedImaginary) = definition(input, bin)
            #expect(abs(Double(real[bin]) - expectedReal) < 1e-2)
            #expect(abs(Double(imaginary[bin]) - expectedImaginary) < 1e-2)
        }
        transform.inverse(&real, &imaginary)
        for (index, sample) in input.enumerated() {
            #expect(abs(real[index] / Float(length) - sample) < 1e-4)
        }
    }

    private func definition(_ input: [Float], _ bin: Int) -> (Double, Double) {
        input.enumerated().reduce((0.0, 0.0)) { sum, sample in
            let angle = -2 * Double.pi * Double(bin * sample.offset % input.count) / Double(input.count)
            return (sum.0 + Double(sample.element) * cos(angle), sum.1 + Double(sample.element) * sin(angle))
        }
    }
}
