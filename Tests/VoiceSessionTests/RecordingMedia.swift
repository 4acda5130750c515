import AudioPipeline
import SpeechEngines
import VoiceSession

/// The audio of a peer without a wire: a real playout queue that is played when the test says so.
final class RecordingMedia: SessionMedia {
    let executor: (any TaskExecutor)?
    let clock: (any MonotonicClock)?
    private let blocks = BlockQueue(capacity: 10_000)
    let playout: PlayoutQueue

    var audio: ReceivedAudio { ReceivedAudio(blocks) }

    init(
        capacity: Duration = .seconds(5), executor: (any TaskExecutor)? = nil, clock: (any MonotonicClock)? = nil
    ) {
        self.executor = executor
        self.clock = clock
        playout = PlayoutQueue(rate: .hz24000, capacity: capacity)
    }

    func say(_ samples: [Int16], at index: Int64) {
        blocks.append(PCMBlock(samples: samples, rate: .hz24000, start: SampleIndex(rawValue: index)))
    }

    /// The peer says no more.
    func end() { blocks.finish() }

    /// Plays frames of 20 ms; returns those that had sound.
    @discardableResult
    func play(frames: Int) -> [[Int16]] {
        (0..<frames).compactMap { _ in
            var frame = [Int16](repeating: 0, count: 480)
            guard let read = frame.withUnsafeMutableBufferPointer({ playout.read(into: $0) }) else { return nil }
            return Array(frame.prefix(read.samples))
        }
    }

    func hasRoom(for samples: Int, generation: Generation) -> Bool {
        playout.hasRoom(for: samples, generation: generation)
    }

    func room(for samples: Int, generation: Generation) async -> Bool {
        await playout.room(for: samples, generation: generation)
    }

    func play(_ samples: [Int16], generation: Generation) { playout.append(samples, generation: generation) }

    var queuedAudio: Duration { .milliseconds(playout.queuedSamples / 24) }

    func discardAudio(_ generation: Generation) { playout.discard(generation) }

    func nextPlayed() async -> [PlayedAudio] { await playout.nextPlayed() }
}
