import Testing
import Wire

@Suite("Unwrapping of RTP counters")
struct UnwrapperTests {
    @Test("Sequence numbers run on over the wrap")
    func sequenceWrap() {
        var unwrapper = SequenceUnwrapper()
        #expect(
            [65_533, 65_534, 65_535, 0, 1].map { unwrapper.unwrap($0) } == [65_533, 65_534, 65_535, 65_536, 65_537])
    }

    @Test("Packets that overtake one another keep their places across the wrap")
    func sequenceReordering() {
        var unwrapper = SequenceUnwrapper()
        #expect([65_534, 1, 65_535, 0, 2].map { unwrapper.unwrap($0) } == [65_534, 65_537, 65_535, 65_536, 65_538])
    }

    @Test("A packet older than the first one lies before zero")
    func sequenceBeforeFirst() {
        var unwrapper = SequenceUnwrapper()
        #expect([1, 65_535].map { unwrapper.unwrap($0) } == [1, -1])
    }

    @Test("A late packet does not pull the counter back")
    func sequenceLate() {
        var unwrapper = SequenceUnwrapper()
        #expect([30_000, 10_000, 50_000, 20_000].map { unwrapper.unwrap($0) } == [30_000, 10_000, 50_000, 20_000])
    }

    @Test("Many cycles add up")
    func manyCycles() {
        var unwrapper = SequenceUnwrapper()
        var last: Int64 = 0
        for step in 0..<1_000 { last = unwrapper.unwrap(UInt16(truncatingIfNeeded: step * 1_000)) }
        #expect(last == 999_000)
    }

    @Test("Timestamps run on over the wrap and tolerate reordering")
    func timestampWrap() {
        var unwrapper = TimestampUnwrapper()
        #expect(
            [4_294_966_336, 960, 0, 1_920].map { unwrapper.unwrap($0) }
                == [4_294_966_336, 4_294_968_256, 4_294_967_296, 4_294_969_216])
    }
}
