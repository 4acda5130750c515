import AudioPipeline
import Glibc

/// The features of Whisper: 80 mel bands (Slaney) per 10 ms of the last 8 s at 16 kHz, as scaled logarithms.
///
/// Run by one lane alone: it owns its scratch memory.
final class LogMelSpectrogram: @unchecked Sendable {
    // Only the transform's scratch memory changes, and only the lane's thread comes here.
    static let bands = 80
    static let frames = 800

    private static let samples = 128_000
    private static let hop = 160
    private static let length = 400
    private static let rate = 16_000.0
    private static let varianceFloor = 1e-7
    private static let powerFloor: Float = 1e-10
    /// Decades below the loudest band that count.
    private static let range: Float = 8

    private let transform = FourierTransform(length: length)
    private let window: [Float]
    private let filters: [MelFilter]

    init() {
        window = (0..<Self.length).map { 0.5 - 0.5 * cosf(2 * .pi * Float($0) / Float(Self.length)) }
        filters = MelFilter.bank(
            bands: Self.bands, bins: Self.length / 2 + 1, binHz: Self.rate / Double(Self.length))
    }

    /// Band by band, each a row of frames. Shorter speech is preceded by silence.
    func features(of speech: [Int16]) -> [Float] {
        let wave = Self.padded(Self.normalized(speech))
        var result = [Float](repeating: 0, count: Self.bands * Self.frames)
        // Two real frames go through one complex transform.
        for frame in stride(from: 0, to: Self.frames, by: 2) {
            let start = frame * Self.hop
            var real = (0..<Self.length).map { wave[start + $0] * window[$0] }
            var imaginary = (0..<Self.length).map { wave[start + Self.hop + $0] * window[$0] }
            transform.forward(&real, &imaginary)
            let (first, second) = Self.powers(real, imaginary)
            for (band, filter) in filters.enumerated() {
                result[band * Self.frames + frame] = log10f(max(filter.sum(of: first), Self.powerFloor))
                result[band * Self.frames + frame + 1] = log10f(max(filter.sum(of: second), Self.powerFloor))
            }
        }
        let floor = (result.max() ?? 0) - Self.range
        return result.map { (max($0, floor) + 4) / 4 }
    }

    /// Eight seconds of zero mean and unit variance.
    private static func normalized(_ speech: [Int16]) -> [Float] {
        let tail = speech.suffix(samples)
        let count = Double(samples)
        let mean = tail.reduce(0.0) { $0 + Double($1) / 32768 } / count
        let square = tail.reduce(0.0) { $0 + Double($1) / 32768 * (Double($1) / 32768) } / count
        let scale = 1 / (square - mean * mean + varianceFloor).squareRoot()
        let silence = [Float](repeating: Float(-mean * scale), count: samples - tail.count)
        return silence + tail.map { Float((Double($0) / 32768 - mean) * scale) }
    }

    /// With half a window of its mirror image at both ends.
    private static func padded(_ wave: [Float]) -> [Float] {
        let half = length / 2
        return wave[1...half].reversed() + wave + wave[(wave.count - 1 - half)..<(wave.count - 1)].reversed()
    }

    /// Power per bin of the two real signals that were transformed as one complex one.
    private static func powers(_ real: [Float], _ imaginary: [Float]) -> ([Float], [Float]) {
        var powers = ([Float](), [Float]())
        for bin in 0...length / 2 {
            let mirror = (length - bin) % length
            let a = Complex((real[bin] + real[mirror]) / 2, (imaginary[bin] - imaginary[mirror]) / 2)
            let b = Complex((imaginary[bin] + imaginary[mirror]) / 2, (real[mirror] - real[bin]) / 2)
            powers.0.append(a.real * a.real + a.imaginary * a.imaginary)
            powers.1.append(b.real * b.real + b.imaginary * b.imaginary)
        }
        return powers
    }
}

/// One triangle of a mel filter bank, of unit area on the frequency axis.
struct MelFilter: Sendable {
    private let firstBin: Int
    private let weights: [Float]

    func sum(of power: [Float]) -> Float {
        zip(power[firstBin...], weights).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Slaney's scale: straight below 1 kHz, logarithmic above; from 0 Hz to the last bin.
    static func bank(bands: Int, bins: Int, binHz: Double) -> [MelFilter] {
        let top = mel(Double(bins - 1) * binHz)
        let edges = (0...bands + 1).map { hertz(top * Double($0) / Double(bands + 1)) }
        return (0..<bands).map { band in
            let (low, middle, high) = (edges[band], edges[band + 1], edges[band + 2])
            let inside = (0..<bins).filter { low < Double($0) * binHz && Double($0) * binHz < high }
            let weights = inside.map { bin in
                let frequency = Double(bin) * binHz
                let height = min((frequency - low) / (middle - low), (high - frequency) / (high - middle))
                return Float(height * 2 / (high - low))
            }
            return MelFilter(firstBin: inside.first ?? 0, weights: weights)
        }
    }

    private static let bendHz = 1000.0
    private static let bendMel = 15.0
    private static let logStep = log(6.4) / 27

    private static func mel(_ hertz: Double) -> Double {
        hertz < bendHz ? hertz * 3 / 200 : bendMel + log(hertz / bendHz) / logStep
    }

    private static func hertz(_ mel: Double) -> Double {
        mel < bendMel ? mel * 200 / 3 : bendHz * exp(logStep * (mel - bendMel))
    }
}
