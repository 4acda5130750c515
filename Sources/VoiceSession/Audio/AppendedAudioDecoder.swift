package import AudioPipeline
package import RealtimeProtocol

/// Bytes of `input_audio_buffer.append` to mono Int16 at 24 kHz, however the client cuts them.
///
/// Not Sendable: used by one session.
package final class AppendedAudioDecoder {
    /// The first byte of a sample whose second has not come.
    private var half: UInt8?
    private var widening: Resampler?

    package init() {}

    package func decode(_ bytes: ArraySlice<UInt8>, _ format: AudioFormat) throws(AudioError) -> [Int16] {
        switch format {
        case .pcm: pcm(bytes)
        case .pcmu: try g711(bytes, .mu)
        case .pcma: try g711(bytes, .a)
        }
    }

    package func reset() {
        half = nil
        widening = nil
    }

    private func pcm(_ bytes: ArraySlice<UInt8>) -> [Int16] {
        guard let low = half, let high = bytes.first else { return whole(bytes) }
        half = nil
        return [Int16(littleEndian: low, high)] + whole(bytes.dropFirst())
    }

    /// In one pass, since most of what clients send goes through here.
    private func whole(_ bytes: ArraySlice<UInt8>) -> [Int16] {
        if bytes.count % 2 == 1 { half = bytes.last }
        let count = bytes.count / 2
        return [Int16](unsafeUninitializedCapacity: count) { samples, written in
            bytes.withUnsafeBytes { raw in
                for index in 0..<count {
                    samples[index] = Int16(littleEndian: raw.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))
                }
            }
            written = count
        }
    }

    private func g711(_ codes: ArraySlice<UInt8>, _ law: G711.Law) throws(AudioError) -> [Int16] {
        try resampler().resample(G711.decode(codes, law))
    }

    private func resampler() throws(AudioError) -> Resampler {
        if let widening { return widening }
        let made = try Resampler(from: .hz8000, to: .hz24000)
        widening = made
        return made
    }
}

extension Int16 {
    fileprivate init(littleEndian low: UInt8, _ high: UInt8) {
        self.init(bitPattern: UInt16(low) | UInt16(high) << 8)
    }
}

extension G711 {
    static func decode(_ codes: ArraySlice<UInt8>, _ law: Law) -> [Int16] {
        [Int16](unsafeUninitializedCapacity: codes.count) { output, count in
            count = codes.withUnsafeBytes { decode($0, law, into: output) }
        }
    }

    static func encode(_ samples: [Int16], _ law: Law) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: samples.count) { output, count in
            count = samples.withUnsafeBufferPointer { encode($0, law, into: UnsafeMutableRawBufferPointer(output)) }
        }
    }
}
