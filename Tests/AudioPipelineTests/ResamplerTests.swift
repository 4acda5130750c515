import AudioPipeline
import Testing

@Suite("Resampler") struct ResamplerTests {
    private static let rates: [SampleRate] = [.hz8000, .hz16000, .hz24000, .hz48000]

    @Test("Blocks of 20 ms keep their length between all rates", arguments: rates, rates)
    func length(from: SampleRate, to: SampleRate) throws {
        let resampler = try Resampler(from: from, to: to)
        let input = Signal.tone(hertz: 440, samples: from.samples(in: .milliseconds(20)), rate: from)
        for _ in 0..<50 {
            #expect(try resample(input, by: resampler).count == to.samples(in: .milliseconds(20)))
        }
    }

    @Test("A tone keeps its frequency and level", arguments: rates, rates)
    func tone(from: SampleRate, to: SampleRate) throws {
        let resampler = try Resampler(from: from, to: to)
        let input = Signal.tone(hertz: 1_000, samples: from.samples(in: .seconds(1)), rate: from)
        let output = try resample(input, by: resampler)
        let steady = output[to.samples(in: .milliseconds(20))...]
        #expect(abs(Signal.frequency(of: steady, rate: to) - 1_000) < 1)
        #expect(abs(Signal.level(of: steady) / Signal.level(of: input[...]) - 1) < 0.03)
    }

    @Test("Cutting the input into blocks changes nothing")
    func streaming() throws {
        let input = Signal.tone(hertz: 300, samples: 4_800, rate: .hz24000)
        let whole = try resample(input, by: Resampler(from: .hz24000, to: .hz8000))
        let resampler = try Resampler(from: .hz24000, to: .hz8000)
        var pieces: [Int16] = []
        for begin in stride(from: 0, to: input.count, by: 240) {
            pieces += try resample(Array(input[begin..<begin + 240]), by: resampler)
        }
        #expect(pieces == whole)
    }

    @Test("An output that is too small is refused")
    func tooSmall() throws {
        let resampler = try Resampler(from: .hz8000, to: .hz24000)
        var room = [Int16](repeating: 0, count: 10)
        #expect(throws: AudioError.oversized(have: 480, limit: 10)) {
            try room.withUnsafeMutableBufferPointer { room in
                _ = try [Int16](repeating: 0, count: 160).withUnsafeBufferPointer {
                    try resampler.resample($0, into: room)
                }
            }
        }
    }

    private func resample(_ input: [Int16], by resampler: Resampler) throws -> [Int16] {
        try [Int16](unsafeUninitializedCapacity: resampler.outputCapacity(for: input.count)) { room, count in
            count = try input.withUnsafeBufferPointer { try resampler.resample($0, into: room) }
        }
    }
}
