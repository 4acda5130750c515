import RealtimeProtocol
import SessionEngine

/// Separates what a small model says from the function calls in it, however it wraps them: in `<tool_call>` marks, in a
/// fenced block, or bare.
///
/// Text passes as it comes, but for what may become the beginning of a call. A call that is no JSON, or of a function that
/// was not offered, is dropped; an object that is no call is text unless it was marked as one.
struct ToolCallParser {
    private enum Mark {
        static let open = "<tool_call>"
        static let close = "</tool_call>"
        static let fence = "```"
    }

    private let tools: Set<String>
    private var held = ""
    /// Whether any visible text came before.
    private(set) var hasSpoken = false
    private var hasCalled = false
    private var hasDropped = false

    init(tools: [String]) { self.tools = Set(tools) }

    /// Whether all that came was a call that cannot be made, so that nothing is left to say.
    var isWasted: Bool { hasDropped && !hasSpoken && !hasCalled }

    mutating func feed(_ text: String) -> [ModelOutput] {
        guard !tools.isEmpty else { return text.isEmpty ? [] : [.text(text)] }
        held += text
        var outputs: [ModelOutput] = []
        while let output = next(atEnd: false) { outputs += output }
        return outputs
    }

    mutating func finish() -> [ModelOutput] {
        var outputs: [ModelOutput] = []
        while let output = next(atEnd: true) { outputs += output }
        return outputs
    }

    /// The next piece of what is held; nil when more is needed.
    private mutating func next(atEnd: Bool) -> [ModelOutput]? {
        guard !held.isEmpty else { return nil }
        guard let start = callStart() else { return takeText(upTo: held.endIndex) }
        if start > held.startIndex { return takeText(upTo: start) }
        return takeCall(atEnd: atEnd)
    }

    /// Where a call begins, or may begin once more has come.
    private func callStart() -> String.Index? {
        if !hasSpoken, let first = held.firstIndex(where: { !$0.isWhitespace }) {
            if held[first] == "{" || held[first...].hasPrefix(Mark.fence) || Mark.fence.hasPrefix(held[first...]) {
                return held.startIndex
            }
        }
        if let range = held.firstRange(of: Mark.open) { return range.lowerBound }
        let tails = held.indices.suffix(Mark.open.count)
        return tails.first { Mark.open.hasPrefix(held[$0...]) }
    }

    private mutating func takeText(upTo end: String.Index) -> [ModelOutput] {
        let text = String(held[..<end])
        held.removeSubrange(..<end)
        // After a call a small model goes on with a result that it makes up.
        guard !hasCalled else { return [] }
        if text.contains(where: { !$0.isWhitespace }) { hasSpoken = true }
        return hasSpoken ? [.text(text)] : []
    }

    private mutating func takeCall(atEnd: Bool) -> [ModelOutput]? {
        guard let span = JSONSpan(in: held) else {
            guard atEnd else { return nil }
            let rest = held
            held = ""
            guard rest.contains(Mark.open) || Mark.open.hasPrefix(rest) else {
                hasSpoken = true
                return [.text(rest)]
            }
            hasDropped = true
            return []
        }
        let isMarked = held[..<span.range.lowerBound].contains(Mark.open)
        let end = endOfCall(after: span.range.upperBound, marked: isMarked, atEnd: atEnd)
        guard let end else { return nil }
        let whole = String(held[..<end])
        let call = FunctionCallText(held[span.range])
        held.removeSubrange(..<end)
        if let call, tools.contains(call.name) {
            hasCalled = true
            return [.functionCall(nil, name: call.name), .arguments(call.arguments), .functionCallEnd]
        }
        guard call == nil && !isMarked else {
            hasDropped = true
            return []
        }
        hasSpoken = true
        return [.text(whole)]
    }

    /// Past the closing mark or fence, when it has come or must have.
    private func endOfCall(after json: String.Index, marked: Bool, atEnd: Bool) -> String.Index? {
        let rest = held[json...]
        let mark = marked ? Mark.close : Mark.fence
        let trimmed = rest.drop { $0.isWhitespace }
        if trimmed.hasPrefix(mark) { return held.index(trimmed.startIndex, offsetBy: mark.count) }
        if !atEnd && mark.hasPrefix(trimmed) { return nil }
        return json
    }
}

/// The first JSON object in a text, by its braces.
struct JSONSpan {
    let range: Range<String.Index>

    /// Nil while the object is not complete.
    init?(in text: String) {
        guard let start = text.firstIndex(of: "{") else { return nil }
        var (depth, inString, escaped) = (0, false, false)
        for index in text[start...].indices {
            let character = text[index]
            if inString {
                if escaped {
                    escaped = false
                } else if character == "\\" {
                    escaped = true
                } else if character == "\"" {
                    inString = false
                }
                continue
            }
            switch character {
            case "\"": inString = true
            case "{": depth += 1
            case "}": depth -= 1
            default: break
            }
            if depth == 0 {
                range = start..<text.index(after: index)
                return
            }
        }
        return nil
    }
}

/// A function call as models write it: `name` and `arguments` (or `parameters`), perhaps within `function`.
struct FunctionCallText {
    let name: String
    /// JSON text.
    let arguments: String

    init?(_ text: Substring) {
        guard case .object(let outer)? = try? JSONParser.parse(Array(text.utf8)) else { return nil }
        var call = outer
        if case .object(let inner)? = outer["function"] { call = inner }
        guard case .string(let name)? = call["name"] else { return nil }
        self.name = name
        switch call["arguments"] ?? call["parameters"] {
        case .string(let text)?:
            arguments = text
        case let value?:
            var writer = JSONWriter()
            writer.value(value)
            arguments = String(decoding: writer.bytes, as: UTF8.self)
        case nil:
            arguments = "{}"
        }
    }
}
