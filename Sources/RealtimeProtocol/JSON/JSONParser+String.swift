extension JSONParser {
    /// A string; the next byte is its opening quote.
    mutating func parseString() throws(JSONError) -> String {
        position += 1
        let start = position
        skipPlain()
        if next == UInt8(ascii: "\""), position < input.count {
            guard let text = String(validating: input[start..<position], as: UTF8.self) else {
                throw JSONError(.invalidUTF8, at: start)
            }
            position += 1
            return text
        }
        var bytes = Array(input[start..<position])
        try unescape(into: &bytes)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw JSONError(.invalidUTF8, at: start) }
        return text
    }

    /// Appends what is left of a string, escapes undone; its closing quote is then behind us.
    mutating func unescape(into bytes: inout [UInt8]) throws(JSONError) {
        while position < input.count {
            let start = position
            skipPlain()
            bytes.append(contentsOf: input[start..<position])
            switch next {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"): try parseEscape(into: &bytes)
            default: throw position < input.count ? error(.controlCharacter) : error(.unexpectedEnd)
            }
        }
        throw error(.unexpectedEnd)
    }

    /// Goes on to the next quote, backslash or control character.
    private mutating func skipPlain() {
        while position < input.count {
            let byte = input[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return }
            position += 1
        }
    }

    private mutating func parseEscape(into bytes: inout [UInt8]) throws(JSONError) {
        position += 1
        let letter = next
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(letter)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            position += 1
            bytes.append(contentsOf: String(try parseScalar()).utf8)
            return
        default: throw position < input.count ? error(.invalidEscape) : error(.unexpectedEnd)
        }
        position += 1
    }

    /// What `\u` stands for, with the second half of a pair if there is one; half a pair is U+FFFD.
    private mutating func parseScalar() throws(JSONError) -> Unicode.Scalar {
        let first = try parseHexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let afterFirst = position
        guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            position = afterFirst
            return "\u{FFFD}"
        }
        let second = try parseHexadecimal()
        guard case 0xDC00...0xDFFF = second else {
            position = afterFirst
            return "\u{FFFD}"
        }
        let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private mutating func parseHexadecimal() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = hexadecimalDigit(next) else {
                throw position < input.count ? error(.invalidEscape) : error(.unexpectedEnd)
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }

    private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
