import AudioPipeline
import SessionEngine
import Testing

@testable import VoiceSession

@Suite("Playout floor and pacing") struct PlayoutFloorTests {
    private static let first = ResponseGeneration(rawValue: 7)
    private static let second = ResponseGeneration(rawValue: 3)

    @Test("One response speaks at a time; the next one's audio is numbered above it, whatever their generations")
    func oneAtATime() throws {
        var floor = PlayoutFloor()
        let oneTurn = floor.take(Self.first)
        let one = try #require(oneTurn)
        let refused = floor.take(Self.second)
        #expect(refused == nil)
        let kept = floor.take(Self.first)
        #expect(kept == one)
        floor.release(Self.second)
        let stillRefused = floor.take(Self.second)
        #expect(stillRefused == nil)
        floor.release(Self.first)
        let twoTurn = floor.take(Self.second)
        let two = try #require(twoTurn)
        #expect(two > one)
        #expect(floor.numbers(of: Self.first) == [one])
    }

    @Test("What a response said in several turns counts together")
    func totals() throws {
        var floor = PlayoutFloor()
        let oneTurn = floor.take(Self.first)
        let one = try #require(oneTurn)
        floor.give(500, to: one)
        floor.release(Self.first)
        let twoTurn = floor.take(Self.second)
        let two = try #require(twoTurn)
        floor.release(Self.second)
        let threeTurn = floor.take(Self.first)
        let three = try #require(threeTurn)
        #expect(three > two)
        let played = try #require(floor.response(PlayedAudio(generation: three, samples: 20)))
        #expect(played.0 == Self.first && played.samples == 520)
        #expect(floor.response(PlayedAudio(generation: Generation(rawValue: 99), samples: 1)) == nil)
    }

    @Test("A turn that is taken again before another goes on under its number")
    func sameTurn() throws {
        var floor = PlayoutFloor()
        let oneTurn = floor.take(Self.first)
        let one = try #require(oneTurn)
        floor.release(Self.first)
        let again = floor.take(Self.first)
        #expect(again == one)
    }

    @Test("Audio in events runs ten seconds ahead of being heard and no further")
    func pacing() {
        var pacing = OutputPacing()
        let start = ContinuousClock.now
        for _ in 0..<10 {
            #expect(pacing.earliest(.seconds(1), now: start) <= start)
            pacing.send(.seconds(1), of: Self.first, now: start)
        }
        #expect(pacing.earliest(.seconds(1), now: start) == start + .seconds(1))
        let later = start + .seconds(60)
        #expect(pacing.earliest(.seconds(10), now: later) == later)
    }

    @Test("A response that is discarded leaves what another sent to be heard")
    func discarded() {
        var pacing = OutputPacing()
        let start = ContinuousClock.now
        pacing.send(.seconds(6), of: Self.first, now: start)
        pacing.send(.seconds(4), of: Self.second, now: start)
        pacing.send(.seconds(3), of: Self.first, now: start)
        pacing.discard(Self.second, now: start + .seconds(1))
        // Eight seconds of the first are left, so that two more may go at once.
        #expect(pacing.earliest(.seconds(2), now: start + .seconds(1)) == start + .seconds(1))
        // Of the first, six seconds have been heard when it ends too.
        pacing.discard(Self.first, now: start + .seconds(6))
        #expect(pacing.earliest(.seconds(10), now: start + .seconds(6)) == start + .seconds(6))
    }
}
