/// The little lexing SDP needs, on bytes, so that combining characters in hostile text change nothing.
extension Substring {
    /// The parts between runs of spaces and tabs.
    var fields: [Substring] {
        let bytes = utf8.span
        var fields: [Substring] = []
        var start = 0
        for end in 0...bytes.count where end == bytes.count || Self.isBlank(bytes[end]) {
            if end > start { fields.append(part(start..<end)) }
            start = end + 1
        }
        return fields
    }

    /// Without spaces and tabs at either end.
    var trimmed: Substring {
        let bytes = utf8.span
        var (start, end) = (0, bytes.count)
        while start < end, Self.isBlank(bytes[start]) { start += 1 }
        while start < end, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return end - start == bytes.count ? self : part(start..<end)
    }

    /// A number of decimal digits alone; nil when it is not one or does not fit.
    func decimal<Value: FixedWidthInteger>(as _: Value.Type = Value.self) -> Value? {
        guard !utf8.isEmpty, utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Value(self)
    }

    /// What stands before and after the first `separator`; the second is nil without one.
    func cut(at separator: UInt8) -> (head: Substring, tail: Substring?) {
        let bytes = utf8.span
        guard let index = bytes.indices.first(where: { bytes[$0] == separator }) else { return (self, nil) }
        return (part(0..<index), part(index + 1..<bytes.count))
    }

    /// By bytes from the start.
    func part(_ bytes: Range<Int>) -> Substring {
        let start = utf8.index(startIndex, offsetBy: bytes.lowerBound)
        return self[start..<utf8.index(start, offsetBy: bytes.count)]
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
