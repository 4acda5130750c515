import AudioPipeline
import RealtimeProtocol
import SessionEngine
import Testing

@testable import VoiceSession

@Suite("Input audio") struct InputAudioTests {
    @Test("A lost block leaves silence where it was, so that the next stands where it belongs")
    func lostBlock() {
        var input = InputAudio()
        let now = ContinuousClock.now
        #expect(input.place(block(1, at: 9_600), now: now) == AudioPosition(ms: 20))
        #expect(input.place(block(3, at: 9_600 + 2 * 960), now: now) == AudioPosition(ms: 60))
        let heard = input.samples(in: AudioPosition(ms: 0)..<AudioPosition(ms: 60))
        #expect(heard == [1, 0, 3].flatMap { [Int16](repeating: $0, count: 480) })
    }

    @Test("A block that overlaps what was placed brings only what is new")
    func overlap() {
        var input = InputAudio()
        let now = ContinuousClock.now
        _ = input.place(block(1, at: 0), now: now)
        #expect(input.place(block(2, at: 480), now: now) == AudioPosition(ms: 30))
        #expect(input.place(block(2, at: 0), now: now) == AudioPosition(ms: 30))
    }

    @Test("Appended and received audio follow one another on one timeline")
    func mixed() throws {
        var input = InputAudio()
        let now = ContinuousClock.now
        _ = input.place(block(1, at: 0), now: now)
        #expect(
            try input.append(input.decode([UInt8](repeating: 0, count: 960)[...], format: .pcm)[...])
                == AudioPosition(ms: 40))
        #expect(input.place(block(2, at: 960), now: now) == AudioPosition(ms: 60))
    }

    @Test("A gap of hours becomes a minute of silence")
    func hugeGap() {
        var input = InputAudio()
        let now = ContinuousClock.now
        _ = input.place(block(1, at: 0), now: now)
        #expect(input.place(block(1, at: 48_000 * 36_000), now: now) == AudioPosition(ms: 60_040))
    }

    @Test("A stream that stops is silent up to 200 ms before the present, and goes on where it belongs")
    func stoppedStream() {
        var input = InputAudio()
        let start = ContinuousClock.now
        #expect(input.fillSilence(now: start) == nil)
        _ = input.place(block(1, at: 0), now: start)
        #expect(input.fillSilence(now: start + .milliseconds(399)) == nil)
        #expect(input.fillSilence(now: start + .milliseconds(400)) == AudioPosition(ms: 220))
        #expect(input.fillSilence(now: start + .milliseconds(500)) == nil)
        #expect(input.place(block(2, at: 48 * 480), now: start + .milliseconds(500)) == AudioPosition(ms: 500))
        #expect(input.samples(in: AudioPosition(ms: 479)..<AudioPosition(ms: 481)).contains(2))
    }

    @Test("A stream whose clock stood still while it sent nothing is heard whole, after the silence")
    func stoppedClock() {
        var input = InputAudio()
        let start = ContinuousClock.now
        _ = input.place(block(1, at: 0), now: start)
        #expect(input.fillSilence(now: start + .seconds(3)) == AudioPosition(ms: 2_820))
        #expect(input.place(block(2, at: 960), now: start + .seconds(3)) == AudioPosition(ms: 2_840))
        #expect(input.place(block(3, at: 1_920), now: start + .seconds(3)) == AudioPosition(ms: 2_860))
        // A loss leaves its silence as before, and an overlap with sound is left out.
        #expect(input.place(block(4, at: 3_840), now: start + .seconds(3)) == AudioPosition(ms: 2_900))
        #expect(input.place(block(4, at: 3_840), now: start + .seconds(3)) == AudioPosition(ms: 2_900))
        let heard = input.samples(in: AudioPosition(ms: 2_820)..<AudioPosition(ms: 2_900))
        #expect(heard == [2, 3, 0, 4].flatMap { [Int16](repeating: $0, count: 480) })
    }

    @Test("PCM may be cut anywhere, even within a sample")
    func halves() throws {
        var input = InputAudio()
        _ = try input.append(input.decode([0x01], format: .pcm)[...])
        _ = try input.append(input.decode([0x02, 0x03, 0x04, 0x05], format: .pcm)[...])
        #expect(try input.append(input.decode([0x06], format: .pcm)[...]) == AudioPosition(rawValue: 6))
        #expect(
            input.samples(in: AudioPosition(rawValue: 0)..<AudioPosition(rawValue: 6)) == [0x0201, 0x0403, 0x0605])
    }

    @Test("G.711 counts three samples a byte, whatever the pieces", arguments: [AudioFormat.pcmu, .pcma])
    func g711(_ format: AudioFormat) throws {
        var input = InputAudio()
        let law: G711.Law = format == .pcmu ? .mu : .a
        let narrow = (0..<8_000).map { Int16(($0 % 20 < 10 ? 1 : -1) * 8_000) }
        let codes = G711.encode(narrow, law)
        for start in stride(from: 0, to: codes.count, by: 333) {
            _ = try input.append(input.decode(codes[start..<min(start + 333, codes.count)], format: format)[...])
        }
        let heard = input.samples(in: AudioPosition(ms: 0)..<AudioPosition(ms: 2_000))
        #expect(heard.count == 24_000)
        #expect(zip(heard, heard.dropFirst()).count { $0 <= 0 && $1 > 0 } >= 398)
    }

    @Test("Windows of 32 ms come in order, and a clear begins a new stretch after it")
    func windows() throws {
        var input = InputAudio()
        _ = try input.append(input.decode([UInt8](repeating: 1, count: 1_536 * 2 + 100)[...], format: .pcm)[...])
        let firstWindow = try input.nextWindow()
        let first = try #require(firstWindow)
        #expect(first.samples.count == 512 && first.end == AudioPosition(ms: 32))
        input.clear(before: AudioPosition(ms: 40))
        _ = try input.append(input.decode([UInt8](repeating: 1, count: 1_536)[...], format: .pcm)[...])
        let nextWindow = try input.nextWindow()
        let next = try #require(nextWindow)
        #expect(next.end == AudioPosition(ms: 72) && next.epoch == first.epoch + 1)
        let none = try input.nextWindow()
        #expect(none == nil)
    }

    @Test("A clear of what was seen already does not disturb the windows")
    func clearBehind() throws {
        var input = InputAudio()
        _ = try input.append(input.decode([UInt8](repeating: 1, count: 1_536 * 2)[...], format: .pcm)[...])
        let firstWindow = try input.nextWindow()
        let first = try #require(firstWindow)
        input.clear(before: AudioPosition(ms: 20))
        let secondWindow = try input.nextWindow()
        let second = try #require(secondWindow)
        #expect(second.end == AudioPosition(ms: 64) && second.epoch == first.epoch)
    }

    private func block(_ value: Int16, at index: Int64) -> PCMBlock {
        PCMBlock(
            samples: [Int16](repeating: value, count: 480), rate: .hz24000, start: SampleIndex(rawValue: index))
    }
}
