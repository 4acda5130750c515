/// Reads JSON, strictly as RFC 8259 has it.
///
/// Limits, against texts made to cost much: `maxDepth`, `maxValues`, `maxNumberLength`. A whole number that fits is an
/// integer, any other number a Double. Half a surrogate pair in an escape becomes U+FFFD, since clients cut text in
/// the middle of a pair; bytes that are not UTF-8 are refused.
package struct JSONParser {
    package static let maxDepth = 128
    package static let maxValues = 200_000
    static let maxNumberLength = 1_024

    let input: UnsafeBufferPointer<UInt8>
    /// Of the next byte.
    var position = 0
    private var depth = 0
    private var values = 0

    init(_ input: UnsafeBufferPointer<UInt8>) {
        self.input = input
    }

    /// The one value of a text.
    package static func parse(_ text: [UInt8]) throws(JSONError) -> JSONValue {
        let result = text.withUnsafeBufferPointer { buffer in
            Result { () throws(JSONError) in try parse(buffer) }
        }
        return try result.get()
    }

    package static func parse(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSONValue {
        var parser = JSONParser(text)
        let value = try parser.parseValue()
        parser.skipSpace()
        guard parser.position == text.count else { throw parser.error(.trailingBytes) }
        return value
    }

    /// The next byte, or 0 at the end, which no token begins with.
    @inline(__always)
    var next: UInt8 { position < input.count ? input[position] : 0 }

    func error(_ problem: JSONError.Problem) -> JSONError {
        JSONError(problem, at: position)
    }

    /// What is wrong with the next byte.
    func unexpected() -> JSONError {
        error(position < input.count ? .unexpectedByte(input[position]) : .unexpectedEnd)
    }

    mutating func skipSpace() {
        while position < input.count {
            switch input[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// Whether that byte came next; it is then behind us.
    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte, position < input.count else { return false }
        position += 1
        return true
    }

    mutating func parseValue() throws(JSONError) -> JSONValue {
        skipSpace()
        values += 1
        guard values <= Self.maxValues else { throw error(.tooManyValues) }
        switch next {
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "{"): return .object(try parseObject())
        case UInt8(ascii: "["): return .array(try parseArray())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        default: throw unexpected()
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let matches = word.withUTF8Buffer { letters in
            letters.count <= input.count - position
                && letters.elementsEqual(input[position..<position + letters.count])
        }
        guard matches else { throw unexpected() }
        position += word.utf8CodeUnitCount
        return value
    }

    private mutating func parseArray() throws(JSONError) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return leave(elements) }
        while true {
            elements.append(try parseValue())
            skipSpace()
            if take(UInt8(ascii: "]")) { return leave(elements) }
            guard take(UInt8(ascii: ",")) else { throw unexpected() }
        }
    }

    private mutating func parseObject() throws(JSONError) -> JSONObject {
        try enter()
        var members: [(name: String, value: JSONValue)] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return leave(JSONObject()) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw unexpected() }
            let name = try parseString()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw unexpected() }
            members.append((name, try parseValue()))
            skipSpace()
            if take(UInt8(ascii: "}")) { return leave(JSONObject(members)) }
            guard take(UInt8(ascii: ",")) else { throw unexpected() }
        }
    }

    private mutating func enter() throws(JSONError) {
        guard depth < Self.maxDepth else { throw error(.tooDeep) }
        depth += 1
        position += 1
    }

    private mutating func leave<Value>(_ value: Value) -> Value {
        depth -= 1
        return value
    }
}
