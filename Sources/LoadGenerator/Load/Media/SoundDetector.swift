import AudioPipeline

/// Whether a packet of Opus holds sound.
///
/// Undecoded, by its length: silence of the digital kind is coded in a few bytes. Decoded, by a level above -50 dBFS.
///
/// `@unchecked Sendable`: each detector is used under its call's lock alone.
struct SoundDetector: @unchecked Sendable {
    private static let silentBytes = 15
    private let decoder: OpusDecoder?

    init(decodes: Bool) throws { decoder = decodes ? try OpusDecoder(rate: .hz24000) : nil }

    /// How long the sound in `payload` lasts; nil for silence.
    func sound(in payload: UnsafeRawBufferPointer) -> Duration? {
        guard let samples = OpusDecoder.duration(of: payload, at: .hz24000) else { return nil }
        guard let decoder else { return payload.count > Self.silentBytes ? .samples(samples) : nil }
        let isHeard = withUnsafeTemporaryAllocation(of: Int16.self, capacity: samples) { room in
            guard let count = try? decoder.decode(payload, into: room) else { return false }
            return SpokenSound.beginning(in: Array(room[..<count])) != nil
        }
        return isHeard ? .samples(samples) : nil
    }
}
