import SessionEngine
import Testing

@testable import VoiceSession

@Suite("End of the input") struct InputEndTests {
    @Test("Frames are told together: once a second, and before what may depend on them")
    func told() {
        var end = InputEnd()
        let ends = (1...120).compactMap { end.advance(to: AudioPosition(ms: $0 * 20))?.ms }
        #expect(ends == [1_000, 2_000])
        #expect(end.due(before: .voice(probability: 1, at: AudioPosition(ms: 2_400))) == nil)
        #expect(end.due(before: .played(ResponseGeneration(rawValue: 1), samples: 480)) == nil)
        #expect(end.due(before: .deadline) == AudioPosition(ms: 2_400))
        #expect(end.due(before: .deadline) == nil)
    }
}
