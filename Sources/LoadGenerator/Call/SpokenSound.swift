/// Where sound begins and ends in mono 24 kHz PCM, by the level of windows of 5 ms.
enum SpokenSound {
    static let samplesPerMs = 24
    private static let window = 5 * samplesPerMs
    /// Speech is what lies at most so far under the loudest window of its recording: -35 dB, as a factor of the energy.
    private static let speechUnderPeak = 0.000_316
    /// Silence lies below -50 dBFS, as mean square of Int16.
    private static let silence = 10_000.0

    /// Whole samples in a length; none in a negative one.
    static func samples(in length: Duration) -> Int {
        let (seconds, attoseconds) = length.components
        return max(0, Int(seconds) * 1_000 * samplesPerMs + Int(attoseconds / 1_000_000_000_000) * samplesPerMs / 1_000)
    }

    /// The sample after the last window of speech; 0 where all is silence.
    static func endOfSpeech(in samples: [Int16]) -> Int {
        let energies = energies(of: samples[...])
        guard let loudest = energies.max(), loudest >= silence else { return 0 }
        let last = energies.lastIndex { $0 >= max(loudest * speechUnderPeak, silence / 10) }
        return min(((last ?? -1) + 1) * window, samples.count)
    }

    /// The first sample of the first window above silence.
    static func beginning(in samples: [Int16]) -> Int? {
        energies(of: samples[...]).firstIndex { $0 >= silence }.map { $0 * window }
    }

    /// Mean square of each window; the last may be short.
    private static func energies(of samples: ArraySlice<Int16>) -> [Double] {
        stride(from: samples.startIndex, to: samples.endIndex, by: window).map { start in
            let part = samples[start..<min(start + window, samples.endIndex)]
            return part.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(part.count)
        }
    }
}
