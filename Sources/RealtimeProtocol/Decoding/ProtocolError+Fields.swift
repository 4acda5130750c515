/// What can be wrong with a field, in the words upstream has for it.
extension ProtocolError {
    /// Longest piece of what a client sent that an error says again.
    private static let maxQuotedCharacters = 64

    package static func missing(_ path: String) -> ProtocolError {
        ProtocolError(code: "missing_required_parameter", "Missing required parameter: '\(path)'.", param: path)
    }

    package static func wrongType(_ path: String, _ expected: String, _ value: JSONValue) -> ProtocolError {
        ProtocolError(
            code: "invalid_value",
            "Invalid type for '\(path)': expected \(expected), but got \(value.kindInWords) instead.", param: path)
    }

    /// `reason` goes on after a colon and ends without a full stop.
    package static func invalid(_ path: String, _ reason: String) -> ProtocolError {
        ProtocolError(code: "invalid_value", "Invalid '\(path)': \(reason).", param: path)
    }

    package static func unknownWord(_ path: String, _ word: String, known: [String]) -> ProtocolError {
        let list = known.map { "'\($0)'" }.joined(separator: ", ")
        return ProtocolError(
            code: "invalid_value", "Invalid value: '\(quoted(word))'. Supported values are: \(list).", param: path)
    }

    package static func quoted(_ text: String) -> String {
        let start = text.unicodeScalars.prefix(maxQuotedCharacters)
        return start.endIndex == text.endIndex ? text : String(start) + "…"
    }
}

extension JSONValue {
    fileprivate var kindInWords: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a decimal number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
