import AudioPipeline
import SessionEngine

/// Speech that a client has not heard and that is played to it once more, in order. Pure.
struct SpeechAgain {
    struct Block {
        let turn: Generation
        let samples: [Int16]
    }

    private struct Stretch {
        let generation: ResponseGeneration
        let turn: Generation
        var samples: ArraySlice<Int16>
    }

    /// 200 ms.
    private static let blockSamples = AudioRing.samplesPerSecond / 5

    private var stretches: [Stretch] = []

    var isEmpty: Bool { stretches.isEmpty }

    mutating func add(_ samples: [Int16], of generation: ResponseGeneration, _ turn: Generation) {
        if !samples.isEmpty { stretches.append(Stretch(generation: generation, turn: turn, samples: samples[...])) }
    }

    /// What is to be played next.
    var next: Block? {
        stretches.first.map { Block(turn: $0.turn, samples: Array($0.samples.prefix(Self.blockSamples))) }
    }

    /// `next` is played.
    mutating func advance() {
        guard !stretches.isEmpty else { return }
        stretches[0].samples = stretches[0].samples.dropFirst(Self.blockSamples)
        if stretches[0].samples.isEmpty { stretches.removeFirst() }
    }

    mutating func discard(_ generation: ResponseGeneration) {
        stretches.removeAll { $0.generation == generation }
    }

    mutating func removeAll() { stretches = [] }
}
