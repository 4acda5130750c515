/// One `a=` line: `name` or `name:value` (RFC 8866 §5.13).
struct SDPAttribute: Sendable {
    var name: String
    /// Without spaces at its ends; empty for a flag.
    var value: Substring

    init(_ text: Substring) {
        let (head, tail) = text.cut(at: UInt8(ascii: ":"))
        name = String(head.trimmed)
        value = (tail ?? "").trimmed
    }
}

extension [SDPAttribute] {
    func has(_ name: String) -> Bool {
        contains { $0.name == name }
    }

    /// The value of the first attribute of that name.
    func value(_ name: String) -> Substring? {
        first { $0.name == name }?.value
    }

    func values(_ name: String) -> [Substring] {
        compactMap { $0.name == name ? $0.value : nil }
    }
}
