import RealtimeProtocol
import SessionEngine

/// Puts together what a model says from the chunks of a streamed chat completion, or from one that came whole.
///
/// Lenient where servers differ: calls without index or id, or with their name in every piece, arguments as an object instead of text, a whole `message` for
/// a `delta`, thoughts among the text. Of several calls the first is passed on as it comes and the others when it is
/// over, whatever the order of their pieces.
struct ChatCompletionReader {
    private struct Call {
        var id: String?
        var name = ""
        var arguments = ""
        var sent = 0
    }

    private static let maxCalls = 64

    private(set) var reason = ModelEnd.Reason.stop
    private(set) var usage: ModelUsage?
    /// Whether the server said why it ended.
    private(set) var isFinished = false
    private var thoughts = ThoughtFilter()
    private var calls: [(index: Int, call: Call)] = []
    private var isCalling = false

    /// One chunk; throws what the server says went wrong.
    mutating func read(_ chunk: JSONValue) throws(EngineFailure) -> [ModelOutput] {
        if let error = chunk["error"], error != .null { throw Self.failure(error) }
        if let usage = chunk["usage"], usage != .null { read(usage: usage) }
        guard let choice = chunk["choices"]?.elements.first else { return [] }
        var outputs: [ModelOutput] = []
        if let delta = choice["delta"] ?? choice["message"] { read(delta: delta, into: &outputs) }
        if let word = choice["finish_reason"]?.text { end(word) }
        return outputs
    }

    /// The rest, when the stream is over.
    mutating func finish() -> [ModelOutput] {
        var outputs: [ModelOutput] = []
        say(thoughts.finish(), into: &outputs)
        guard isCalling else { return outputs }
        for place in calls.indices {
            if place > 0 { begin(place, into: &outputs) }
            pass(place, into: &outputs)
            outputs.append(.functionCallEnd)
        }
        calls = []
        isCalling = false
        return outputs
    }

    private mutating func read(delta: JSONValue, into outputs: inout [ModelOutput]) {
        if let text = delta["content"]?.text { say(thoughts.feed(text), into: &outputs) }
        for (position, piece) in (delta["tool_calls"]?.elements ?? []).enumerated() {
            guard let place = place(of: piece, position) else { continue }
            if let id = piece["id"]?.text, !id.isEmpty { calls[place].call.id = id }
            if calls[place].call.name.isEmpty { calls[place].call.name = piece["function"]?["name"]?.text ?? "" }
            switch piece["function"]?["arguments"] {
            case .string(let text): calls[place].call.arguments += text
            case .object(let object): calls[place].call.arguments += JSONValue.object(object).written
            default: break
            }
            guard place == 0, !calls[place].call.name.isEmpty else { continue }
            if !isCalling { begin(0, into: &outputs) }
            pass(0, into: &outputs)
        }
    }

    /// Where the call is kept that a piece belongs to: its index, else its id, else its place.
    private mutating func place(of piece: JSONValue, _ position: Int) -> Int? {
        let index =
            piece["index"]?.count ?? calls.firstIndex { $0.call.id == piece["id"]?.text && $0.call.id != nil }
            ?? position
        if let place = calls.firstIndex(where: { $0.index == index }) { return place }
        guard calls.count < Self.maxCalls else { return nil }
        calls.append((index, Call()))
        return calls.count - 1
    }

    private mutating func begin(_ place: Int, into outputs: inout [ModelOutput]) {
        let call = calls[place].call
        outputs.append(.functionCall(call.id.map { FunctionCallID($0) }, name: call.name))
        isCalling = true
    }

    private mutating func pass(_ place: Int, into outputs: inout [ModelOutput]) {
        let call = calls[place].call
        let rest = String(call.arguments.utf8.dropFirst(call.sent)) ?? ""
        guard !rest.isEmpty else { return }
        outputs.append(.arguments(rest))
        calls[place].call.sent = call.arguments.utf8.count
    }

    private func say(_ text: String, into outputs: inout [ModelOutput]) {
        // A model that speaks after it began to call talks to itself.
        if !text.isEmpty, !isCalling { outputs.append(.text(text)) }
    }

    private mutating func end(_ word: String) {
        isFinished = true
        switch word {
        case "length": reason = .maxOutputTokens
        case "content_filter": reason = .contentFilter
        default: reason = .stop
        }
    }

    private mutating func read(usage: JSONValue) {
        guard let input = usage["prompt_tokens"]?.count, let output = usage["completion_tokens"]?.count,
            input >= 0, output >= 0
        else { return }
        let cached = usage["prompt_tokens_details"]?["cached_tokens"]?.count ?? 0
        self.usage = ModelUsage(
            inputTokens: input, cachedTokens: max(0, min(cached, input)), outputTokens: output)
    }

    /// The server's own words stay in it: they may name what is not the client's business.
    private static func failure(_ error: JSONValue) -> EngineFailure {
        let code = error["code"]?.text ?? error["type"]?.text
        return EngineFailure(
            code: code == "context_length_exceeded" ? "context_length_exceeded" : "engine_error",
            message: "The language model's server reported an error in its answer.")
    }
}
