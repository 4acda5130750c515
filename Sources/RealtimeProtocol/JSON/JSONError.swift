/// Why a text is not JSON that this server takes (RFC 8259; its section 9 allows the limits).
package struct JSONError: Error, Equatable, Sendable {
    package enum Problem: Equatable, Sendable {
        case unexpectedEnd
        /// What stands there cannot stand there.
        case unexpectedByte(UInt8)
        case invalidNumber
        /// Beyond what a Double holds, or longer than any number needs to be.
        case numberOutOfRange
        case invalidEscape
        /// A control character inside a string that should have been escaped.
        case controlCharacter
        case invalidUTF8
        case tooDeep
        case tooManyValues
        /// Something follows the value.
        case trailingBytes
    }

    package let problem: Problem
    /// Bytes before the place.
    package let offset: Int

    package init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    /// For the client, in a sentence; nothing of the text is repeated.
    package var message: String {
        switch problem {
        case .unexpectedEnd: "the text ends too early, after \(offset) bytes"
        case .unexpectedByte(let byte): "unexpected byte \(byte) at \(offset)"
        case .invalidNumber: "invalid number at byte \(offset)"
        case .numberOutOfRange: "number out of range at byte \(offset)"
        case .invalidEscape: "invalid escape at byte \(offset)"
        case .controlCharacter: "control character in a string at byte \(offset)"
        case .invalidUTF8: "a string that is not UTF-8 at byte \(offset)"
        case .tooDeep: "nested deeper than \(JSONParser.maxDepth) levels at byte \(offset)"
        case .tooManyValues: "more than \(JSONParser.maxValues) values at byte \(offset)"
        case .trailingBytes: "more text after the value at byte \(offset)"
        }
    }
}
