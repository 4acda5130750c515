import CKissFFT
import Glibc

/// A complex discrete Fourier transform of a fixed length, not scaled; fast where the length has no prime factor above 5.
package final class FourierTransform: Sendable {
    package let length: Int
    // Read only, once it is made.
    private nonisolated(unsafe) let plan: kiss_fft_cfg

    package init(length: Int) {
        guard let plan = kiss_fft_alloc(Int32(length), 0, nil, nil) else {
            preconditionFailure("no memory for a transform of \(length) points")
        }
        self.length = length
        self.plan = plan
    }

    deinit { free(UnsafeMutableRawPointer(plan)) }

    /// In place; the inverse is the same with the two parts exchanged.
    package func forward(_ real: inout [Float], _ imaginary: inout [Float]) {
        precondition(real.count == length && imaginary.count == length)
        real.withUnsafeMutableBufferPointer { real in
            imaginary.withUnsafeMutableBufferPointer { imaginary in
                // Two pieces, since one would be large enough for pages of its own each time.
                withUnsafeTemporaryAllocation(of: kiss_fft_cpx.self, capacity: length) { input in
                    withUnsafeTemporaryAllocation(of: kiss_fft_cpx.self, capacity: length) { output in
                        for index in 0..<length {
                            input.initializeElement(at: index, to: kiss_fft_cpx(r: real[index], i: imaginary[index]))
                        }
                        kiss_fft(plan, input.baseAddress, output.baseAddress)
                        for index in 0..<length {
                            (real[index], imaginary[index]) = (output[index].r, output[index].i)
                        }
                    }
                }
            }
        }
    }

    package func inverse(_ real: inout [Float], _ imaginary: inout [Float]) { forward(&imaginary, &real) }
}
