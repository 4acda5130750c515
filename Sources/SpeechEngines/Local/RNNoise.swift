import AudioPipeline
import RealtimeProtocol

/// RNNoise, opened at run time: recurrent noise suppression at 48 kHz.
///
/// About 4 % of a core per session. What comes out is 30 ms late.
final class RNNoise: NoiseReducer {
    /// Samples at 48 kHz in one frame (10 ms).
    static let frame = 480
    /// What of the noise is left where it is taken out: a far microphone has more of it and less to lose.
    private static let residue: [NoiseReduction.Kind: Float] = [.nearField: 0.25, .farField: 0.1]

    fileprivate typealias Samples = UnsafeMutablePointer<Float>

    fileprivate let create: @convention(c) (OpaquePointer?) -> OpaquePointer?
    fileprivate let destroy: @convention(c) (OpaquePointer) -> Void
    /// Output and input of one frame, in the range of Int16; returns a probability of speech.
    fileprivate let process: @convention(c) (OpaquePointer, Samples, Samples) -> Float

    init(path: String) throws(LocalEngineError) {
        let library = try DynamicLibrary(path: path)
        create = try library.function("rnnoise_create", as: (@convention(c) (OpaquePointer?) -> OpaquePointer?).self)
        destroy = try library.function("rnnoise_destroy", as: (@convention(c) (OpaquePointer) -> Void).self)
        process = try library.function(
            "rnnoise_process_frame", as: (@convention(c) (OpaquePointer, Samples, Samples) -> Float).self)
        let frameSize = try library.function("rnnoise_get_frame_size", as: (@convention(c) () -> Int32).self)
        guard frameSize() == Int32(Self.frame) else {
            throw .library(path: path, reason: "its frames have \(frameSize()) samples, not \(Self.frame)")
        }
    }

    func makeStream(_ reduction: NoiseReduction) -> (any NoiseReductionStream)? {
        let residue = Self.residue[reduction.kind] ?? 0
        let wet = Float(min(max(reduction.strength, 0), 1)) * (1 - residue)
        return RNNoiseStream(library: self, wet: wet)
    }
}

/// One session's RNNoise.
private actor RNNoiseStream: NoiseReductionStream {
    /// Samples at 24 kHz in one frame.
    private static let narrowFrame = RNNoise.frame / 2
    /// RNNoise's own delay, at 48 kHz: the unchanged part waits for it.
    private static let delay = 960

    private let state: RNNoiseState
    private let wet: Float
    private let up: Resampler
    private let down: Resampler
    private var waiting: [Int16] = []
    private var ready = [Int16](repeating: 0, count: narrowFrame)
    private var dry = [Float](repeating: 0, count: delay)

    init?(library: RNNoise, wet: Float) {
        guard let state = RNNoiseState(library), let up = try? Resampler(from: .hz24000, to: .hz48000),
            let down = try? Resampler(from: .hz48000, to: .hz24000)
        else { return nil }
        self.state = state
        self.wet = wet
        self.up = up
        self.down = down
    }

    func reduce(_ samples: [Int16]) -> [Int16] {
        waiting += samples
        var start = 0
        while waiting.count - start >= Self.narrowFrame {
            ready += frame(waiting[start..<start + Self.narrowFrame])
            start += Self.narrowFrame
        }
        waiting.removeFirst(start)
        let output = Array(ready.prefix(samples.count))
        ready.removeFirst(output.count)
        return output
    }

    /// One frame; as it is when it cannot be resampled, which between these rates does not happen.
    private func frame(_ narrow: ArraySlice<Int16>) -> [Int16] {
        guard let wide = try? up.resampled(Array(narrow)), wide.count == RNNoise.frame else { return Array(narrow) }
        let input = wide.map(Float.init)
        let clean = state.process(input)
        dry += input
        let mixed = zip(clean, dry).map { Int16(clamping: Int((wet * $0 + (1 - wet) * $1).rounded())) }
        dry.removeFirst(RNNoise.frame)
        return (try? down.resampled(mixed)) ?? Array(narrow)
    }
}

/// What RNNoise remembers of one stream.
///
/// `@unchecked Sendable` is safe because one actor alone holds and uses it.
private final class RNNoiseState: @unchecked Sendable {
    private let library: RNNoise
    private let pointer: OpaquePointer

    init?(_ library: RNNoise) {
        guard let pointer = library.create(nil) else { return nil }
        self.library = library
        self.pointer = pointer
    }

    deinit {
        library.destroy(pointer)
    }

    /// A frame of 480 samples.
    func process(_ input: [Float]) -> [Float] {
        var input = input
        return [Float](unsafeUninitializedCapacity: RNNoise.frame) { output, count in
            output.initialize(repeating: 0)
            count = RNNoise.frame
            guard let target = output.baseAddress, input.count == RNNoise.frame else { return }
            input.withUnsafeMutableBufferPointer { source in
                guard let source = source.baseAddress else { return }
                _ = library.process(pointer, target, source)
            }
        }
    }
}

extension Resampler {
    fileprivate func resampled(_ input: [Int16]) throws(AudioError) -> [Int16] {
        var output = [Int16](repeating: 0, count: outputCapacity(for: input.count))
        var written = 0
        var failure: AudioError?
        input.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                do throws(AudioError) { written = try resample(input, into: output) } catch { failure = error }
            }
        }
        if let failure { throw failure }
        return Array(output.prefix(written))
    }
}
