import AudioPipeline
import Glibc

/// Makes sound of hibari's spectra: a pulse train at the pitch is shaped by the voiced part, noise by the noise part, the
/// rest is added, and an inverse short-time transform (1200 points, 300 samples a frame, Hann) gives 24 kHz.
///
/// Used from one thread: it owns its scratch memory.
final class HibariVocoder {
    static let rate: Float = 24_000
    static let hop = 300
    private static let length = 1200
    private static let unvoicedBelowHz: Float = 40
    private static let harmonicsBelowHz: Float = 11_000
    private static let maxLog: Float = 7

    private let transform = FourierTransform(length: length)
    private let window: [Float]
    private var noise: GaussianNoise

    init(seed: UInt64) {
        window = (0..<Self.length).map { 0.5 - 0.5 * cosf(2 * .pi * Float($0) / Float(Self.length)) }
        noise = GaussianNoise(seed: seed)
    }

    /// Speech on its way from spectrum to sound.
    struct Sound {
        fileprivate let spectrum: HibariSpectrum
        fileprivate let pulses: [Float]
        fileprivate var sum: [Float]
        fileprivate var weight: [Float]
        /// Frames that are in the sum.
        fileprivate var frames = 0
        /// Samples that were given.
        fileprivate var samples = 0
    }

    func begin(_ spectrum: HibariSpectrum) -> Sound {
        let length = spectrum.frames > 0 ? (spectrum.frames - 1) * Self.hop + Self.length : 0
        let silence = [Float](repeating: 0, count: length)
        return Sound(
            spectrum: spectrum, pulses: spectrum.frames > 0 ? Self.padded(Self.pulses(spectrum.pitch)) : [],
            sum: silence, weight: silence)
    }

    /// The next samples, of about −1 to 1 and `hop` per frame, that `pairs` pairs of frames complete; nil after the last.
    ///
    /// The first ones are fewer by half a window, which the end brings.
    func next(_ sound: inout Sound, pairs: Int) -> [Float]? {
        let total = sound.spectrum.frames
        guard sound.samples < total * Self.hop else { return nil }
        // Two real frames go through one complex transform.
        for _ in 0..<pairs where sound.frames < total { addPair(&sound) }
        // What no later frame reaches.
        let start = sound.samples
        sound.samples = sound.frames < total ? max(0, sound.frames * Self.hop - Self.length / 2) : total * Self.hop
        return (start..<sound.samples).map { index in
            let place = Self.length / 2 + index
            guard place < sound.sum.count else { return 0 }
            return sound.sum[place] / max(sound.weight[place], 1e-6)
        }
    }

    private func addPair(_ sound: inout Sound) {
        let frame = sound.frames
        let isPair = frame + 1 < sound.spectrum.frames
        var (real, imaginary) = source(sound.pulses, frame, isPair)
        transform.forward(&real, &imaginary)
        shape(&real, &imaginary, sound.spectrum, frame, isPair)
        transform.inverse(&real, &imaginary)
        overlap(real, at: frame, &sound.sum, &sound.weight)
        if isPair { overlap(imaginary, at: frame + 1, &sound.sum, &sound.weight) }
        sound.frames += isPair ? 2 : 1
    }

    /// Every harmonic below the limit at unit amplitude, in closed form: sin((H+½)t) / (2 sin(t/2)) − ½.
    private static func pulses(_ pitch: [Float]) -> [Float] {
        var phase = 0.0
        var pulses = [Float](repeating: 0, count: pitch.count * hop)
        for index in pulses.indices {
            // Between the middles of two frames the pitch goes in a straight line.
            let position = (Float(index) + 0.5) / Float(hop) - 0.5
            let left = Int(position.rounded(.down))
            let part = position - Float(left)
            let from = pitch[max(left, 0)]
            let to = pitch[min(left + 1, pitch.count - 1)]
            let frequency = from + (to - from) * part
            let audible = max(frequency, unvoicedBelowHz)
            phase += Double(audible) / Double(rate)
            phase -= phase.rounded(.down)
            guard frequency > unvoicedBelowHz else { continue }
            let angle = Float(phase * 2 * .pi)
            let order = (harmonicsBelowHz / audible).rounded(.down) + 0.5
            let half = 2 * sinf(angle / 2)
            pulses[index] = (abs(half) <= 2e-3 ? order : sinf(order * angle) / half) - 0.5
        }
        return pulses
    }

    /// With half a window of its mirror image at both ends.
    private static func padded(_ samples: [Float]) -> [Float] {
        let half = length / 2
        func mirrored(_ index: Int) -> Float {
            var index = index < 0 ? -index : index
            if index >= samples.count { index = max(0, 2 * (samples.count - 1) - index) }
            return samples[min(index, samples.count - 1)]
        }
        return (-half..<samples.count + half).map(mirrored)
    }

    private func source(_ pulses: [Float], _ frame: Int, _ pair: Bool) -> ([Float], [Float]) {
        // A cosine of unit amplitude has half the window's sum in the transform.
        let scale = 1 / Float(Self.length / 4)
        let start = frame * Self.hop
        let real = (0..<Self.length).map { pulses[start + $0] * window[$0] * scale }
        guard pair else { return (real, [Float](repeating: 0, count: Self.length)) }
        return (real, (0..<Self.length).map { pulses[start + Self.hop + $0] * window[$0] * scale })
    }

    /// Takes the two frames' spectra apart, shapes each and puts them together again, as Hermitian spectra.
    private func shape(
        _ real: inout [Float], _ imaginary: inout [Float], _ spectrum: HibariSpectrum, _ frame: Int, _ pair: Bool
    ) {
        let scale = 1 / Float(Self.length)
        for bin in 0..<HibariSpectrum.bins {
            let mirror = (Self.length - bin) % Self.length
            let first = Complex(
                (real[bin] + real[mirror]) / 2, (imaginary[bin] - imaginary[mirror]) / 2)
            let second = Complex(
                (imaginary[bin] + imaginary[mirror]) / 2, (real[mirror] - real[bin]) / 2)
            let place = bin * spectrum.frames + frame
            var a = shaped(first, spectrum, place) * scale
            var b = pair ? shaped(second, spectrum, place + 1) * scale : Complex(0, 0)
            // The ends of the spectrum of a real signal are real.
            if bin == 0 || mirror == bin { (a.imaginary, b.imaginary) = (0, 0) }
            real[bin] = a.real - b.imaginary
            imaginary[bin] = a.imaginary + b.real
            real[mirror] = a.real + b.imaginary
            imaginary[mirror] = b.real - a.imaginary
        }
    }

    private func shaped(_ pulse: Complex, _ spectrum: HibariSpectrum, _ place: Int) -> Complex {
        let voiced = Complex(
            magnitude: expf(min(spectrum.voiced[place], Self.maxLog)), phase: .pi * tanhf(spectrum.voicedPhase[place]))
        let rest = Complex(magnitude: expf(min(spectrum.rest[place], Self.maxLog)), phase: spectrum.restPhase[place])
        let hiss = noise.next() * expf(min(spectrum.noise[place], Self.maxLog))
        return pulse * voiced + rest + hiss
    }

    private func overlap(_ frame: [Float], at index: Int, _ sum: inout [Float], _ weight: inout [Float]) {
        let start = index * Self.hop
        for offset in 0..<Self.length {
            sum[start + offset] += frame[offset] * window[offset]
            weight[start + offset] += window[offset] * window[offset]
        }
    }
}

/// A complex number.
struct Complex {
    var real: Float
    var imaginary: Float

    init(_ real: Float, _ imaginary: Float) {
        self.real = real
        self.imaginary = imaginary
    }

    init(magnitude: Float, phase: Float) {
        self.init(magnitude * cosf(phase), magnitude * sinf(phase))
    }

    static func * (left: Complex, right: Complex) -> Complex {
        Complex(
            left.real * right.real - left.imaginary * right.imaginary,
            left.real * right.imaginary + left.imaginary * right.real)
    }

    static func * (left: Complex, scale: Float) -> Complex { Complex(left.real * scale, left.imaginary * scale) }

    static func + (left: Complex, right: Complex) -> Complex {
        Complex(left.real + right.real, left.imaginary + right.imaginary)
    }
}

/// Complex Gaussian noise with unit variance in each part (Box and Muller), from a fixed seed (xorshift64*).
struct GaussianNoise {
    private var state: UInt64

    init(seed: UInt64) { state = seed | 1 }

    mutating func next() -> Complex {
        let radius = sqrtf(-2 * logf(max(uniform(), 1e-7)))
        return Complex(magnitude: radius, phase: 2 * .pi * uniform())
    }

    private mutating func uniform() -> Float {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Float((state &* 2_685_821_657_736_338_717) >> 40) / Float(1 << 24)
    }
}
