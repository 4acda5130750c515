import Foundation

/// How the voice goes at the end of speech: pitch, loudness and the length of the last sound. Pure; a few ms of CPU.
struct Prosody: Equatable, Sendable {
    /// Mean pitch of the last 150 ms with voice over the middle of the turn, in semitones; statements fall.
    private(set) var finalPitch = 0.0
    /// Slope of the pitch over the last 300 ms with voice, in semitones per 100 ms.
    private(set) var pitchSlope = 0.0
    /// Loudness of the last 200 ms of speech over the middle of the turn's voiced frames, in dB.
    private(set) var finalLoudness = 0.0
    /// The last stretch with voice, in units of 100 ms: last syllables are drawn out.
    private(set) var lastVoiced = 0.0

    private static let hop = 160
    private static let frame = 640
    /// What of a turn is looked at (4 s).
    private static let maxSamples = 64_000
    /// Frames this much below the loudest are silence.
    private static let rangeDB = 30.0

    init() {}

    /// Mono Int16 at 16 kHz that ends where the speech does.
    init(of speech: ArraySlice<Int16>) {
        let track = Self.track(Array(speech.suffix(Self.maxSamples)))
        let loudest = track.map(\.loudness).max() ?? 0
        guard let last = track.lastIndex(where: { $0.loudness > loudest - Self.rangeDB }) else { return }
        let frames = track[...last]
        let voiced = frames.filter { $0.pitch != nil && $0.loudness > loudest - Self.rangeDB }
        guard voiced.count >= 8 else { return }
        let pitches = voiced.compactMap(\.pitch)
        let middle = Self.median(pitches)
        finalPitch = Self.mean(pitches.suffix(15)) - middle
        pitchSlope = Self.slope(pitches.suffix(30)) * 10
        finalLoudness = Self.mean(frames.suffix(20).map(\.loudness)) - Self.median(voiced.map(\.loudness))
        lastVoiced = Double(Self.lastRun(frames)) / 10
    }

    /// One frame each 10 ms; the pitch, where there is one, in semitones over 1 Hz.
    private struct Frame {
        let loudness: Double
        let pitch: Double?
    }

    private static func track(_ speech: [Int16]) -> [Frame] {
        // 8 kHz is enough for pitch: two samples become one.
        let wave = stride(from: 0, to: speech.count - 1, by: 2).map {
            (Float(speech[$0]) + Float(speech[$0 + 1])) / 65536
        }
        let (length, step) = (frame / 2, hop / 2)
        return stride(from: 0, through: wave.count - length, by: step).map { start in
            let window = wave[start..<start + length]
            let energy = window.reduce(Float(0)) { $0 + $1 * $1 } / Float(length)
            return Frame(loudness: 10 * log10(Double(energy) + 1e-9), pitch: energy > 1e-7 ? pitch(window) : nil)
        }
    }

    /// By the first high peak of the normalized autocorrelation, 70 to 400 Hz; nil without voice.
    private static func pitch(_ window: ArraySlice<Float>) -> Double? {
        window.withUnsafeBufferPointer { wave in
            let rate = 8000.0
            let (shortest, longest) = (20, 114)
            let overlap = wave.count - longest
            var values = [Float](repeating: 0, count: longest + 1)
            var zero: Float = 1e-9
            for index in 0..<overlap { zero += wave[index] * wave[index] }
            for lag in shortest...longest {
                var (product, energy) = (Float(0), Float(1e-9))
                for index in 0..<overlap {
                    let other = wave[index + lag]
                    product += wave[index] * other
                    energy += other * other
                }
                values[lag] = product / (zero * energy).squareRoot()
            }
            let best = values.max() ?? 0
            guard best > 0.6 else { return nil }
            // The first peak that is nearly the best: later ones are octaves below.
            let lag = (shortest + 1..<longest).first {
                values[$0] > 0.9 * best && values[$0] >= values[$0 - 1] && values[$0] >= values[$0 + 1]
            }
            return lag.map { 12 * log2(rate / Double($0)) }
        }
    }

    /// Frames of the last stretch with voice, gaps of two frames within allowed.
    private static func lastRun(_ frames: ArraySlice<Frame>) -> Int {
        var (run, gap) = (0, 0)
        for frame in frames.reversed() {
            if frame.pitch != nil { (run, gap) = (run + 1 + (run > 0 ? gap : 0), 0) } else { gap += 1 }
            if run > 0, gap > 2 { break }
        }
        return run
    }

    private static func mean(_ values: some Collection<Double>) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    /// Least squares, per step.
    private static func slope(_ values: ArraySlice<Double>) -> Double {
        let (centre, mean) = (Double(values.count - 1) / 2, mean(values))
        var (products, squares) = (0.0, 1e-9)
        for (index, value) in values.enumerated() {
            products += (Double(index) - centre) * (value - mean)
            squares += (Double(index) - centre) * (Double(index) - centre)
        }
        return products / squares
    }
}
