import AudioPipeline
import RealtimeProtocol
import Testing

@testable import LoadGenerator

@Suite("A caller, on virtual time")
struct CallMachineTests {
    @Test("Each step is timed from the last sample of speech, not from the end of the recording")
    func waterfall() throws {
        // 1 s of speech, 1 s of the recording's own silence.
        var call = VirtualCall([Utterance(name: "a.wav", samples: tone(ms: 1_000) + silence(ms: 1_000))])
        call.open()
        call.pass(ms: 500)
        let spoken = call.spokenMs
        call.pass(ms: 2_200)
        call.tell(#"{"type":"input_audio_buffer.speech_started"}"#, at: spoken + 300)
        call.tell(#"{"type":"input_audio_buffer.speech_stopped"}"#, at: spoken + 1_400)
        call.tell(#"{"type":"response.created"}"#, at: spoken + 1_410)
        call.tell(
            #"{"type":"conversation.item.input_audio_transcription.completed","transcript":"Who?"}"#, at: spoken + 1_500
        )
        call.tell(#"{"type":"response.output_audio_transcript.delta","delta":"Me."}"#, at: spoken + 1_600)
        call.tell(#"{"type":"output_audio_buffer.started"}"#, at: spoken + 1_700)
        call.hear(silence(ms: 10) + tone(ms: 10), at: spoken + 1_700, index: 0)
        call.tell(#"{"type":"response.output_audio.done"}"#, at: spoken + 1_800)
        call.tell(#"{"type":"response.done","response":{"status":"completed"}}"#, at: spoken + 1_800)
        call.tell(#"{"type":"output_audio_buffer.stopped"}"#, at: spoken + 1_900)
        call.pass(ms: 40)
        let turn = try #require(call.turns.first)
        #expect(turn.question == "Who?" && turn.answer == "Me." && turn.status == "completed" && !turn.wasCutOff)
        #expect(
            turn.stages == [
                .speechStopped: .milliseconds(400), .responseCreated: .milliseconds(410),
                .transcript: .milliseconds(500), .firstWords: .milliseconds(600),
                .firstPacket: .milliseconds(700), .heard: .milliseconds(710),
            ])
        #expect(call.last == .hangUp)
    }

    @Test(
        "A turn taken in mid-recording counts as cut off, and the answer to the rest is the one timed"
    )
    func cutOff() throws {
        var call = VirtualCall([Utterance(name: "a.wav", samples: tone(ms: 1_000))])
        call.open()
        call.pass(ms: 500)
        let spoken = call.spokenMs
        call.pass(ms: 1_500)
        call.tell(#"{"type":"input_audio_buffer.speech_started"}"#, at: spoken + 100)
        call.tell(#"{"type":"input_audio_buffer.speech_stopped"}"#, at: spoken + 600)
        call.answer("Wrong.", at: spoken + 650)
        call.tell(#"{"type":"input_audio_buffer.speech_started"}"#, at: spoken + 800)
        call.tell(#"{"type":"input_audio_buffer.speech_stopped"}"#, at: spoken + 1_200)
        call.answer("Right.", at: spoken + 1_300)
        call.pass(ms: 2_100)
        let turn = try #require(call.turns.first)
        #expect(turn.wasCutOff && turn.answer == "Right." && turn.stages[.responseCreated] == .milliseconds(300))
    }

    @Test("The next recording begins once the answer was heard to its end, and the pause after it")
    func twoTurns() throws {
        var call = VirtualCall([
            Utterance(name: "a.wav", samples: tone(ms: 300)), Utterance(name: "b.wav", samples: tone(ms: 300)),
        ])
        call.open()
        call.pass(ms: 1_200)
        call.tell(#"{"type":"input_audio_buffer.speech_stopped"}"#)
        call.answer("One.")
        call.tell(#"{"type":"output_audio_buffer.started"}"#)
        call.pass(ms: 1_000)
        #expect(call.turns.isEmpty)
        call.tell(#"{"type":"output_audio_buffer.stopped"}"#)
        call.pass(ms: 2_200)
        #expect(call.turns.map(\.recording) == ["a.wav"])
        let quiet = call.microphone.suffix(24 * 1_000)
        #expect(quiet.contains { $0 != 0 })
    }

    @Test("Without an answer the call is given up, and says how far the server came", arguments: [0, 1, 2])
    func noAnswer(steps: Int) {
        var call = VirtualCall([Utterance(name: "a.wav", samples: tone(ms: 300))])
        call.open()
        call.pass(ms: 1_000)
        let events = ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"]
        for event in events.prefix(steps) { call.tell(#"{"type":"\#(event)"}"#) }
        call.pass(ms: 61_000)
        let failures: [CallFailure] = [
            .noSpeechHeard(recording: "a.wav"), .noEndOfTurn(recording: "a.wav", seconds: 60),
            .noAnswer(recording: "a.wav", seconds: 60),
        ]
        #expect(call.last == .giveUp(failures[steps]))
    }

    @Test("A session that is refused ends the call with the server's words")
    func refused() {
        var call = VirtualCall([Utterance(name: "a.wav", samples: tone(ms: 300))])
        call.tell(#"{"type":"session.created"}"#)
        call.tell(#"{"type":"error","error":{"message":"No such thing."}}"#)
        #expect(call.last == .giveUp(.sessionRefused("No such thing.")))
    }

    @Test("The microphone is never without sound: it holds a fifth of a second more than was sent")
    func lead() {
        var call = VirtualCall([Utterance(name: "a.wav", samples: tone(ms: 300))])
        call.open()
        call.pass(ms: 5_000)
        #expect(call.microphone.count == call.sent + 200 * 24)
    }
}

/// Drives a `CallMachine`: a frame every 20 ms, events and packets at stated times.
private struct VirtualCall {
    private(set) var turns: [CallTurn] = []
    private(set) var microphone: [Int16] = []
    private(set) var last: CallMachine.Action?
    private(set) var sent = 0
    private var machine: CallMachine
    private let start = ContinuousClock.now
    private var nowMs = 0

    init(_ utterances: [Utterance]) {
        machine = CallMachine(utterances, settings: CallSettings(), now: start)
        perform(machine.sent(0, now: start))
    }

    /// When the first sample that is not silent was spoken, in ms of this clock.
    var spokenMs: Int { (microphone.firstIndex { $0 != 0 } ?? 0) / 24 }

    mutating func open() {
        tell(#"{"type":"session.created"}"#)
        tell(#"{"type":"session.updated"}"#)
    }

    mutating func pass(ms: Int) {
        for _ in 0..<ms / 20 {
            nowMs += 20
            sent += 20 * 24
            perform(machine.sent(sent, now: start + .milliseconds(nowMs)))
        }
    }

    mutating func tell(_ json: String, at ms: Int? = nil) {
        guard case .object(let event)? = try? JSONParser.parse(Array(json.utf8)) else { return }
        perform(machine.event(event, now: start + .milliseconds(ms ?? nowMs)))
    }

    mutating func answer(_ text: String, at ms: Int? = nil) {
        tell(#"{"type":"response.created"}"#, at: ms)
        tell(#"{"type":"response.output_audio_transcript.delta","delta":"\#(text)"}"#, at: ms)
        tell(#"{"type":"response.done","response":{"status":"completed"}}"#, at: ms)
    }

    mutating func hear(_ samples: [Int16], at ms: Int, index: Int64) {
        machine.received(
            PCMBlock(samples: samples, rate: .hz24000, start: SampleIndex(rawValue: index)),
            now: start + .milliseconds(ms))
    }

    private mutating func perform(_ actions: [CallMachine.Action]) {
        for action in actions {
            last = action
            switch action {
            case .say(let samples): microphone += samples
            case .turnEnded(let turn): turns.append(turn)
            case .send, .hangUp, .giveUp: break
            }
        }
    }
}

private func tone(ms: Int) -> [Int16] { (0..<ms * 24).map { $0 % 60 < 30 ? 6_000 : -6_000 } }
private func silence(ms: Int) -> [Int16] { [Int16](repeating: 0, count: ms * 24) }
