import RealtimeProtocol
import SessionEngine

/// Puts a transcript together from the events of a streamed transcription, or takes it from an answer that came whole.
///
/// Lenient where servers differ: OpenAI's `transcript.text.delta` and `.done`, vLLM's chunks like those of a chat, and plain
/// `text` for each segment.
struct TranscriptReader {
    private(set) var text = ""
    private(set) var usage: TranscriptionUsage?
    /// Whether the server said that it is all.
    private(set) var isFinished = false

    /// One event of a stream; what it adds. Throws what the server says went wrong.
    mutating func read(_ event: JSONValue) throws(EngineFailure) -> String? {
        if let error = event["error"], error != .null { throw Self.failure }
        switch event["type"]?.text {
        case "transcript.text.delta": return add(event["delta"]?.text ?? "")
        case "transcript.text.done":
            isFinished = true
            return finish(event)
        case "error": throw Self.failure
        // Segments repeat what deltas say.
        case .some: return nil
        case nil: return readUntyped(event)
        }
    }

    /// An answer that is no stream.
    mutating func readWhole(_ answer: JSONValue) throws(EngineFailure) -> String? {
        guard answer["text"]?.text != nil else { throw Self.missing }
        isFinished = true
        return finish(answer)
    }

    private mutating func readUntyped(_ event: JSONValue) -> String? {
        if let choice = event["choices"]?.elements.first {
            if choice["finish_reason"]?.text != nil { isFinished = true }
            return add(choice["delta"]?["content"]?.text ?? "")
        }
        guard let segment = event["text"]?.text else { return nil }
        let needsSpace = !text.isEmpty && segment.first?.isWhitespace == false
        return add(needsSpace ? " " + segment : segment)
    }

    /// The whole is what counts; said before are only its beginnings.
    private mutating func finish(_ event: JSONValue) -> String? {
        usage = event["usage"].flatMap(Self.usage)
        guard let whole = event["text"]?.text?.trimmed else { return nil }
        defer { text = whole }
        return whole.hasPrefix(text) ? Self.nonempty(String(whole.dropFirst(text.count))) : nil
    }

    private mutating func add(_ piece: String) -> String? {
        // Nothing begins with space.
        let piece = text.isEmpty ? String(piece.drop(while: \.isWhitespace)) : piece
        text += piece
        return Self.nonempty(piece)
    }

    private static func nonempty(_ text: String) -> String? { text.isEmpty ? nil : text }

    private static func usage(_ usage: JSONValue) -> TranscriptionUsage? {
        guard let input = usage["input_tokens"]?.count, let output = usage["output_tokens"]?.count, input >= 0,
            output >= 0
        else { return nil }
        let details = usage["input_token_details"]
        let audio = min(input, max(0, details?["audio_tokens"]?.count ?? input))
        var counted = Usage.Details()
        counted.audio = audio
        counted.text = input - audio
        return .tokens(input: counted, output: output)
    }

    private static let failure = EngineFailure(
        code: "engine_error", message: "The server of the recogniser reported an error in its answer.")
    static let missing = EngineFailure.unreadable("recogniser", "no transcript")
}
