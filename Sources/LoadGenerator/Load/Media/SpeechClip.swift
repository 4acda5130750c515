import AudioPipeline
import PeerTransport
import RealtimeProtocol

/// A recording as talkers send it: coded once, for every call of a run.
package struct SpeechClip: Sendable {
    package let shape: ClipShape
    /// Opus of 20 ms each, or client events of a chunk each.
    package let frames: [[UInt8]]

    /// What a microphone hears before and after the words.
    private static let margin = 100 * SpokenSound.samplesPerMs

    /// - Parameters:
    ///   - samples: mono, 24 kHz.
    ///   - coder: for one transport.
    package init(_ samples: [Int16], says: String?, coder: FrameCoder) throws {
        var noise = RoomNoise()
        var whole = noise.samples(Self.margin) + samples + noise.samples(Self.margin)
        let excess = whole.count % coder.frameSamples
        if excess > 0 { whole += noise.samples(coder.frameSamples - excess) }
        frames = try coder.frames(of: whole)
        let begin = Self.margin + (SpokenSound.beginning(in: samples) ?? 0)
        let end = Self.margin + SpokenSound.endOfSpeech(in: samples)
        shape = ClipShape(
            frames: frames.count, speechBegins: .samples(begin), speechEnds: .samples(end), says: says)
    }

    /// A second of nobody speaking, to be sent over and over.
    package static func quiet(_ coder: FrameCoder) throws -> [[UInt8]] {
        var noise = RoomNoise()
        let count = max(1, 1_000 * SpokenSound.samplesPerMs / coder.frameSamples)
        return try coder.frames(of: noise.samples(count * coder.frameSamples))
    }
}

/// Sound of a quiet room, about -67 dBFS: no microphone sends silence.
struct RoomNoise {
    private var random = SeededGenerator(seed: 7)

    mutating func samples(_ count: Int) -> [Int16] {
        (0..<count).map { _ in Int16.random(in: -24...24, using: &random) }
    }
}

/// Turns sound into what a transport sends at once.
package struct FrameCoder: Sendable {
    package enum Form: Equatable, Sendable {
        case opus
        /// `input_audio_buffer.append` with so many milliseconds of PCM.
        case events(ms: Int)
    }

    package let form: Form

    package init(_ form: Form) { self.form = form }

    /// Of mono 24 kHz.
    var frameSamples: Int {
        switch form {
        case .opus: 20 * SpokenSound.samplesPerMs
        case .events(let ms): ms * SpokenSound.samplesPerMs
        }
    }

    package var frame: Duration { .samples(frameSamples) }

    /// `samples`: whole frames.
    func frames(of samples: [Int16]) throws -> [[UInt8]] {
        let starts = stride(from: 0, to: samples.count, by: frameSamples)
        switch form {
        case .opus:
            let encoder = try OpusEncoder(OpusEncoderSettings())
            return try starts.map { try Self.encode(Array(samples[$0..<$0 + frameSamples]), encoder) }
        case .events:
            return starts.map { start in
                let bytes = samples[start..<start + frameSamples].flatMap { sample in
                    [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
                }
                var text: [UInt8] = []
                bytes.withUnsafeBufferPointer { Base64.encode($0, into: &text) }
                return ClientEvents.append(String(decoding: text, as: UTF8.self))
            }
        }
    }

    private static func encode(_ samples: [Int16], _ encoder: OpusEncoder) throws -> [UInt8] {
        var packet = [UInt8](repeating: 0, count: 1_275)
        let count = try packet.withUnsafeMutableBytes { room in
            try samples.withUnsafeBufferPointer { try encoder.encode($0, into: room) }
        }
        return Array(packet.prefix(count))
    }
}
