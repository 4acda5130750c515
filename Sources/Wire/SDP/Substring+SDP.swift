/// The little lexing SDP needs, on bytes, so that combining characters in hostile text change nothing.
extension Substring {
    /// The parts between runs of spaces and tabs.
    var fields: [Substring] {
        utf8.split { $0 == 0x20 || $0 == 0x09 }.map { Substring($0) }
    }

    /// Without spaces and tabs at either end.
    var trimmed: Substring {
        var rest = utf8
        while let first = rest.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
        while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
        return Substring(rest)
    }

    /// A number of decimal digits alone; nil when it is not one or does not fit.
    func decimal<Value: FixedWidthInteger>(as _: Value.Type = Value.self) -> Value? {
        guard !utf8.isEmpty, utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Value(self)
    }

    /// What stands before and after the first `separator`; the second is nil without one.
    func cut(at separator: UInt8) -> (head: Substring, tail: Substring?) {
        guard let index = utf8.firstIndex(of: separator) else { return (self, nil) }
        return (Substring(utf8[..<index]), Substring(utf8[utf8.index(after: index)...]))
    }
}
