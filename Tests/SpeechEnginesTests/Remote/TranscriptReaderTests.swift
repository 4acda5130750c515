import RealtimeProtocol
import SessionEngine
import Testing

@testable import SpeechEngines

@Suite("Transcripts of remote recognisers") struct TranscriptReaderTests {
    @Test("OpenAI's stream: words as they come, the whole and the tokens at the end")
    func openAI() throws {
        let (deltas, reader) = try read([
            #"{"type":"transcript.text.delta","delta":" Turn","logprobs":[]}"#,
            #"{"type":"transcript.text.delta","delta":" left"}"#,
            #"{"type":"transcript.text.delta","delta":"."}"#,
            #"""
            {"type":"transcript.text.done","text":"Turn left.","usage":{"type":"tokens","input_tokens":14,
            "input_token_details":{"text_tokens":4,"audio_tokens":10},"output_tokens":5,"total_tokens":19}}
            """#,
        ])
        #expect(deltas == ["Turn", " left", "."])
        #expect(reader.text == "Turn left.")
        #expect(reader.isFinished)
        #expect(reader.usage == .tokens(input: Usage.Details(text: 4, audio: 10), output: 5))
    }

    @Test("What the last event says beyond the pieces is said as well, and where it says otherwise it counts")
    func done() throws {
        let (deltas, reader) = try read([
            #"{"type":"transcript.text.delta","delta":"Turn"}"#,
            #"{"type":"transcript.text.done","text":"Turn left."}"#,
        ])
        #expect(deltas == ["Turn", " left."])
        #expect(reader.text == "Turn left.")
        let (corrected, other) = try read([
            #"{"type":"transcript.text.delta","delta":"Burn"}"#,
            #"{"type":"transcript.text.done","text":"Turn left."}"#,
        ])
        #expect(corrected == ["Burn"])
        #expect(other.text == "Turn left.")
    }

    @Test("vLLM's stream: chunks like those of a chat")
    func vLLM() throws {
        let (deltas, reader) = try read([
            #"{"object":"transcription.chunk","choices":[{"delta":{"content":" Turn"}}]}"#,
            #"{"object":"transcription.chunk","choices":[{"delta":{"content":" left."},"finish_reason":"stop"}]}"#,
            #"{"object":"transcription.chunk","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
        ])
        #expect(deltas == ["Turn", " left."])
        #expect(reader.text == "Turn left.")
        #expect(reader.isFinished)
    }

    @Test("Plain segments are joined with a space where none is; repeated segments and unknown events add nothing")
    func segments() throws {
        let (_, reader) = try read([
            #"{"text":"Turn left."}"#, #"{"text":"Then stop."}"#,
            #"{"type":"transcript.text.segment","text":"Turn left."}"#,
            #"{"type":"keepalive"}"#, "7",
        ])
        #expect(reader.text == "Turn left. Then stop.")
    }

    @Test(
        "An error among the events is a failure",
        arguments: [
            #"{"type":"error","error":"no"}"#, #"{"error":{"message":"no"}}"#, #"{"type":"error","message":"no"}"#,
        ])
    func error(event: String) {
        #expect(throws: EngineFailure.self) { try read([event]) }
    }

    @Test("An answer that is no stream needs a text; numbers that cannot be are no usage")
    func whole() throws {
        var reader = TranscriptReader()
        let answer = #"{"text":" Hello. ","usage":{"input_tokens":-1,"output_tokens":2}}"#
        #expect(try reader.readWhole(JSONParser.parse(Array(answer.utf8))) == "Hello.")
        #expect(reader.usage == nil)
        #expect(throws: EngineFailure.self) { try reader.readWhole(JSONParser.parse(Array(#"{"text":3}"#.utf8))) }
    }

    private func read(_ events: [String]) throws -> ([String], TranscriptReader) {
        var reader = TranscriptReader()
        let deltas = try events.compactMap { try reader.read(JSONParser.parse(Array($0.utf8))) }
        return (deltas, reader)
    }
}
