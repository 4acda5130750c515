import AudioPipeline
import Foundation
import RealtimeProtocol
import Testing

@testable import GatewayServer

/// On virtual time; 24 samples are a millisecond.
@Suite("The sound of a session in its recording")
struct RecordedSoundTests {
    private static let frame = [Int16](repeating: 7, count: 480)

    /// What each input changes.
    private func changes(_ inputs: [(ms: Int, input: RecordedSound.Input)]) -> [[RecordedSound.Change]] {
        var sound = RecordedSound()
        return inputs.map { sound.handle($0.input, now: .milliseconds($0.ms)) }
    }

    private func event(_ json: String) -> JSONObject {
        guard case .object(let object)? = try? JSONParser.parse(Array(json.utf8)) else { return JSONObject() }
        return object
    }

    private func append(_ samples: [Int16]) -> RecordedSound.Input {
        .sent(event(#"{"type":"input_audio_buffer.append","audio":"\#(base64(samples))"}"#))
    }

    private func delta(_ samples: [Int16], item: String) -> RecordedSound.Input {
        .received(
            event(
                #"{"type":"response.output_audio.delta","item_id":"\#(item)","delta":"\#(base64(samples))"}"#))
    }

    private func base64(_ samples: [Int16]) -> String {
        samples.withUnsafeBytes { Data($0) }.base64EncodedString()
    }

    /// A frame of the caller; `ms` on its own clock.
    private func block(_ ms: Int64, _ samples: [Int16] = frame) -> RecordedSound.Input {
        .heard(PCMBlock(samples: samples, rate: .hz24000, start: SampleIndex(rawValue: ms * 48)))
    }

    @Test("A caller's frame ends when it came, a late one follows the one before, after a pause its own clock counts")
    func heard() {
        #expect(
            changes([
                (1_000, block(0)), (1_050, block(20)), (3_061, block(2_040)), (3_500, block(2_060)),
                (3_501, block(2_080)),
            ]) == [
                [.sound(.client, at: 980 * 24, Self.frame)],
                [.sound(.client, at: 1_000 * 24, Self.frame)],
                [.sound(.client, at: 3_020 * 24, Self.frame)],
                // Its clock stood still for 440 ms.
                [.sound(.client, at: 3_480 * 24, Self.frame)],
                [.sound(.client, at: 3_500 * 24, Self.frame)],
            ])
    }

    @Test(
        "Sound that the network held up belongs into the pause, where it was spoken, and what follows stands in its time"
    )
    func released() {
        var sound = RecordedSound()
        var track = [Int16](repeating: 0, count: 24_000 * 5)
        func pass(_ frame: Int, at ms: Int) {
            let samples = [Int16](repeating: Int16(frame + 1), count: 480)
            for change in sound.handle(block(Int64(frame) * 20, samples), now: .milliseconds(ms)) {
                switch change {
                case .sound(.client, let start, let samples):
                    track.replaceSubrange(start..<start + samples.count, with: samples)
                case .silence(.client, let range):
                    track.replaceSubrange(range, with: repeatElement(0, count: range.count))
                default: Issue.record("\(change)")
                }
            }
        }
        // A frame each 20 ms, but those of a second all come at its end.
        for frame in 0..<200 { pass(frame, at: 20 * (50..<100 ~= frame ? 100 : frame + 1)) }
        #expect(
            (0..<200).allSatisfy { frame in track[frame * 480..<(frame + 1) * 480].allSatisfy { $0 == Int16(frame + 1) }
            })
        #expect(track[(200 * 480)...].allSatisfy { $0 == 0 })
    }

    @Test("What a client appends stands where it came, what it sends faster than it can be spoken one after the other")
    func appended() {
        let second = [Int16](repeating: 5, count: 24_000)
        #expect(
            changes([
                (2_000, append(second)), (2_001, append(second)), (2_002, append(Self.frame)), (9_000, append([3])),
            ])
                == [
                    [.sound(.client, at: 24_000, second)],
                    [.sound(.client, at: 48_000, second)],
                    [.sound(.client, at: 72_000, Self.frame)],
                    [.sound(.client, at: 9_000 * 24 - 1, [3])],
                ])
    }

    @Test("The format is the one that the server says; half a sample waits for its other half")
    func formats() {
        let updated = #"{"type":"session.updated","session":{"audio":{"input":{"format":{"type":"audio/pcmu"}}}}}"#
        let silence = Data(repeating: 0xFF, count: 160).base64EncodedString()
        let narrow = event(#"{"type":"input_audio_buffer.append","audio":"\#(silence)"}"#)
        let odd = event(#"{"type":"input_audio_buffer.append","audio":"AQAC"}"#)
        let rest = event(#"{"type":"input_audio_buffer.append","audio":"AA=="}"#)
        #expect(
            changes([
                (100, .sent(odd)), (100, .sent(rest)), (2_000, .received(event(updated))), (2_020, .sent(narrow)),
            ]) == [
                [.sound(.client, at: 2_399, [1])], [.sound(.client, at: 2_400, [2])], [],
                [.sound(.client, at: 48_000, [Int16](repeating: 0, count: 480))],
            ])
        let beta = #"{"type":"session.created","session":{"output_audio_format":"g711_alaw"}}"#
        let said = event(#"{"type":"response.audio.delta","item_id":"a","delta":"\#(silence)"}"#)
        let changed = changes([(0, .received(event(beta))), (40, .received(said))])
        guard case .sound(.server, at: 960, let samples)? = changed.last?.first else {
            Issue.record("\(changed)")
            return
        }
        #expect(samples.count == 480)
    }

    @Test("Events' sound is heard one after the other from when it was sent; a new item begins where it should")
    func deltas() {
        let long = [Int16](repeating: 9, count: 48_000)
        #expect(
            changes([
                (1_000, delta(long, item: "a")), (1_010, delta(Self.frame, item: "a")),
                // A client that has played all for 180 ms plays the rest as if it had not waited.
                (3_200, delta(Self.frame, item: "a")), (3_300, delta(Self.frame, item: "b")),
            ]) == [
                [.sound(.server, at: 24_000, long)], [.sound(.server, at: 72_000, Self.frame)],
                [.sound(.server, at: 72_480, Self.frame)], [.sound(.server, at: 3_300 * 24, Self.frame)],
            ])
    }

    @Test("What a cancelled answer had not played is not heard, nor what the client says it did not hear")
    func cuts() {
        let long = [Int16](repeating: 9, count: 48_000)
        let cancelled = event(#"{"type":"response.done","response":{"status":"cancelled"}}"#)
        let completed = event(#"{"type":"response.done","response":{"status":"completed"}}"#)
        let truncated = event(#"{"type":"conversation.item.truncated","item_id":"a","audio_end_ms":400}"#)
        #expect(
            changes([
                (1_000, delta(long, item: "a")), (1_500, .received(completed)), (1_600, .received(cancelled)),
                (1_610, .received(truncated)), (1_620, delta(Self.frame, item: "b")),
            ]) == [
                [.sound(.server, at: 24_000, long)], [], [.silence(.server, 38_400..<72_000)],
                [.silence(.server, 33_600..<38_400)], [.sound(.server, at: 1_620 * 24, Self.frame)],
            ])
    }

    @Test("A peer hears a frame when it leaves; what was discarded is not in the recording")
    func played() {
        func numbered(_ range: Range<Int>) -> [Int16] { range.map { Int16($0) } }
        let (first, second) = (Generation(rawValue: 1), Generation(rawValue: 2))
        let played: ([PlayedAudio]) -> RecordedSound.Input = { .played($0) }
        #expect(
            changes([
                (100, .queued(numbered(0..<600), first)), (100, .queued(numbered(600..<2_000), first)),
                (200, played([PlayedAudio(generation: first, samples: 480)])),
                // Two frames are told of at once: the first of them left 20 ms before.
                (240, played([PlayedAudio(generation: first, samples: 1_440)])),
                (241, .queued(numbered(5_000..<5_480), second)),
                (300, played([PlayedAudio(generation: second, samples: 480)])),
                (320, played([PlayedAudio(generation: first, samples: 2_000)])),
            ]) == [
                [], [], [.sound(.server, at: 4_800, numbered(0..<480))],
                [.sound(.server, at: 5_280, numbered(480..<1_440))], [],
                [.sound(.server, at: 7_200, numbered(5_000..<5_480))], [],
            ])
    }

    @Test("Nonsense of a client changes nothing")
    func nonsense() {
        let events = [
            #"{"type":"input_audio_buffer.append"}"#, #"{"type":"input_audio_buffer.append","audio":"?"}"#,
            #"{"type":"input_audio_buffer.append","audio":""}"#, #"{"type":"input_audio_buffer.append","audio":7}"#,
        ].map { RecordedSound.Input.sent(event($0)) }
        let cut = event(
            #"{"type":"conversation.item.truncated","item_id":"a","audio_end_ms":9223372036854775807}"#)
        let before = event(
            #"{"type":"conversation.item.truncated","item_id":"a","audio_end_ms":-9223372036854775808}"#)
        #expect(changes(events.map { (10, $0) }).allSatisfy { $0.isEmpty })
        #expect(
            changes([
                (10, .received(cut)), (1_000, delta(Self.frame, item: "a")), (1_000, .received(cut)),
                (1_000, .received(before)), (1_001, block(.max / 96)), (1_002, block(.min / 96)),
            ]).map(\.count) == [0, 1, 0, 1, 1, 1])
    }
}
