import AudioPipeline
import Foundation
import LoadGenerator
import PeerTransport
import Wire

/// A caller that says the same frames again and again, coded before the run, and counts what comes back undecoded.
final class LoopedAudio: PacketAudio {
    private struct State {
        var next: Int
        var sent = 0
        var stream = ReceivedStream()
        /// Is told of the end of the words, once in each round.
        var onSpoken: (@Sendable () -> Void)?
    }

    private let frames: [[UInt8]]
    private let spokenFrames: Int
    private let state: PosixLock<State>

    /// - Parameters:
    ///   - frames: Opus of 20 ms each.
    ///   - offset: the frame it begins with.
    ///   - spokenFrames: where in a round the words are over.
    init(_ frames: [[UInt8]], from offset: Int = 0, spokenFrames: Int = 0) {
        self.frames = frames
        self.spokenFrames = spokenFrames
        state = PosixLock(State(next: frames.isEmpty ? 0 : offset % frames.count))
    }

    /// Packets so far; lost are those that the numbers of others say were sent.
    struct Counts {
        var sent = 0
        var heard = 0
        var lost = 0

        static func + (one: Counts, other: Counts) -> Counts {
            Counts(sent: one.sent + other.sent, heard: one.heard + other.heard, lost: one.lost + other.lost)
        }
    }

    var counts: Counts {
        state.withLock { Counts(sent: $0.sent, heard: $0.stream.received, lost: $0.stream.lost) }
    }

    /// How far each packet heard since the last time was behind its timestamp.
    func takePacing() -> [Duration] { state.withLock { $0.stream.takePacing(isLast: true) } }

    func onSpoken(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onSpoken = body } }

    func frame(into room: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant) -> PacketAudioFrame? {
        guard !frames.isEmpty else { return nil }
        let (index, told) = state.withLock { state in
            defer {
                state.next = (state.next + 1) % frames.count
                state.sent += 1
            }
            return (state.next, state.next == spokenFrames ? state.onSpoken : nil)
        }
        told?()
        guard frames[index].count <= room.count else { return nil }
        room.copyBytes(from: frames[index])
        return PacketAudioFrame(bytes: frames[index].count)
    }

    func received(_ header: RTPHeader, payload: UnsafeRawBufferPointer, now: ContinuousClock.Instant) {
        state.withLock { $0.stream.receive(header, now: now) }
    }
}

/// Sound as Opus frames, at the settings that every server is measured with.
enum OpusFrames {
    private static let frameSamples = 480

    /// `samples`: mono, 24 kHz; what is no whole frame is left out.
    static func of(_ samples: [Int16], _ settings: OpusEncoderSettings = OpusEncoderSettings()) throws -> [[UInt8]] {
        let encoder = try OpusEncoder(settings)
        return try stride(from: 0, through: samples.count - frameSamples, by: frameSamples).map { start in
            var packet = [UInt8](repeating: 0, count: 1_275)
            let count = try samples[start..<start + frameSamples].withUnsafeBufferPointer { pcm in
                try packet.withUnsafeMutableBytes { try encoder.encode(pcm, into: $0) }
            }
            return Array(packet.prefix(count))
        }
    }
}
