import Testing

@testable import PeerTransport

@Suite("Packets kept for a peer that asks again") struct KeptPacketsTests {
    private let start = ContinuousClock.now
    private let kept = KeptPackets()

    private func keep(_ sequence: UInt16, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { kept.keep($0, sequence: sequence) }
    }

    private func packet(_ sequence: UInt16, after milliseconds: Int = 0) -> [UInt8]? {
        kept.packet(sequence, now: start + .milliseconds(milliseconds)).map(Array.init)
    }

    @Test("The last 32 are there as they were sent, older ones are not")
    func last() {
        for number in UInt16(0)..<40 { keep(number &- 8, [UInt8(number), 1]) }
        #expect(packet(UInt16(0) &- 8) == nil)
        #expect(packet(0) == [8, 1])
        #expect(packet(31) == [39, 1])
        #expect(packet(32) == nil)
    }

    @Test("A packet goes three times, with 10 ms between")
    func bounded() {
        keep(5, [9])
        #expect(packet(5) == [9])
        #expect(packet(5, after: 9) == nil)
        #expect(packet(5, after: 10) == [9])
        #expect(packet(5, after: 20) == [9])
        #expect(packet(5, after: 30) == nil)
    }

    @Test("A packet larger than a place is not kept, nor what stood there before")
    func large() {
        keep(5, [9])
        keep(37, [UInt8](repeating: 0, count: 385))
        #expect(packet(5) == nil)
        #expect(packet(37) == nil)
    }
}
