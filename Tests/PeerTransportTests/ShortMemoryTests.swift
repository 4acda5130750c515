import Testing

@testable import PeerTransport

@Suite("Short memory") struct ShortMemoryTests {
    @Test("A value is made once in the lifetime of all, each for its key, and anew after it")
    func lifetime() {
        var memory = ShortMemory<String, Int>(lifetime: .seconds(1))
        var made = 0
        let start = ContinuousClock.now
        let values = [("a", 0), ("b", 500), ("a", 999), ("b", 999), ("b", 1_000), ("a", 1_999), ("a", 2_000)].map {
            key, milliseconds in
            memory.value(of: key, now: start + .milliseconds(milliseconds)) {
                made += 1
                return made
            }
        }
        #expect(values == [1, 2, 1, 2, 3, 4, 5])
    }
}
