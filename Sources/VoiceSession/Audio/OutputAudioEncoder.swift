import AudioPipeline
import RealtimeProtocol

/// Mono Int16 at 24 kHz to bytes of an audio format, block after block of one content part.
///
/// Not Sendable: used by one session.
final class OutputAudioEncoder {
    let format: AudioFormat
    private let narrowing: Resampler?

    init(_ format: AudioFormat) throws(AudioError) {
        self.format = format
        narrowing = format == .pcm ? nil : try Resampler(from: .hz24000, to: .hz8000)
    }

    func encode(_ samples: [Int16]) throws(AudioError) -> [UInt8] {
        guard let narrowing else { return Self.littleEndian(samples) }
        return G711.encode(try narrowing.resample(samples), format == .pcmu ? .mu : .a)
    }

    static func littleEndian(_ samples: [Int16]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: samples.count * 2) { output, count in
            let raw = UnsafeMutableRawBufferPointer(output)
            for (index, sample) in samples.enumerated() {
                raw.storeBytes(of: sample.littleEndian, toByteOffset: index * 2, as: Int16.self)
            }
            count = samples.count * 2
        }
    }
}
