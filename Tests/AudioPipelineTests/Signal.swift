import AudioPipeline

/// Synthetic sound and simple measures of it for the tests of this folder; mono Int16.
enum Signal {
    static func tone(hertz: Double, samples: Int, rate: SampleRate, amplitude: Double = 10_000) -> [Int16] {
        (0..<samples).map { index in
            Int16(amplitude * sine(2 * .pi * hertz * Double(index) / Double(rate.hertz)))
        }
    }

    /// Periods per second, from upward zero crossings.
    static func frequency(of samples: ArraySlice<Int16>, rate: SampleRate) -> Double {
        var crossings: [Double] = []
        for (before, index) in zip(samples.indices, samples.indices.dropFirst())
        where samples[before] < 0 && samples[index] >= 0 {
            let (low, high) = (Double(samples[before]), Double(samples[index]))
            crossings.append(Double(before) - low / (high - low))
        }
        guard let first = crossings.first, let last = crossings.last, crossings.count > 1 else { return 0 }
        return Double(crossings.count - 1) * Double(rate.hertz) / (last - first)
    }

    static func level(of samples: ArraySlice<Int16>) -> Double {
        guard !samples.isEmpty else { return 0 }
        let energy = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
        return (energy / Double(samples.count)).squareRoot()
    }

    /// The largest difference of neighbouring samples.
    static func steepest(_ samples: ArraySlice<Int16>) -> Int {
        zip(samples, samples.dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }

    /// Taylor series after folding into one period; enough for 16 bits.
    private static func sine(_ angle: Double) -> Double {
        let folded = angle.remainder(dividingBy: 2 * .pi)
        var term = folded
        var sum = folded
        for order in 1...12 {
            let next = Double(2 * order)
            term *= -folded * folded / (next * (next + 1))
            sum += term
        }
        return sum
    }
}

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
