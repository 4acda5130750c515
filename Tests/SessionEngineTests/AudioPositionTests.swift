import SessionEngine
import Testing

@Suite("Audio positions")
struct AudioPositionTests {
    @Test("Milliseconds round down", arguments: [(0, 0), (47, 0), (48, 1), (4799, 99)])
    func wholeMilliseconds(ticks: Int64, ms: Int) {
        #expect(AudioPosition(rawValue: ticks).ms == ms)
    }
}
