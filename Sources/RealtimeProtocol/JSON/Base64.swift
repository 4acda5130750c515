/// Base64 with the standard alphabet and padding (RFC 4648 section 4), from and to bytes without a String between.
package enum Base64 {
    /// Characters for that many bytes.
    package static func encodedCount(_ bytes: Int) -> Int { (bytes + 2) / 3 * 4 }

    /// Nil unless all of it is base64: whole groups of four, padding only at the end, no bits left over, no line breaks.
    package static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        guard !text.isEmpty else { return [] }
        let whole = text[(text.count - 4)...].contains(UInt8(ascii: "=")) ? text.count - 4 : text.count
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { output, count in
            var (from, until) = (0, 0)
            var invalid: UInt32 = 0
            values.withUnsafeBufferPointer { values in
                while from < whole {
                    let group =
                        values[Int(text[from])] << 18 | values[Int(text[from + 1])] << 12
                        | values[Int(text[from + 2])] << 6 | values[Int(text[from + 3])]
                    invalid |= group
                    output[until] = UInt8(truncatingIfNeeded: group >> 16)
                    output[until + 1] = UInt8(truncatingIfNeeded: group >> 8)
                    output[until + 2] = UInt8(truncatingIfNeeded: group)
                    from += 4
                    until += 3
                }
            }
            isValid = invalid & Self.invalid == 0
            count = until
        }
        guard isValid else { return nil }
        guard whole < text.count else { return bytes }
        return decodeLast(text[whole...]).map { bytes + $0 }
    }

    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        Array(text).withUnsafeBufferPointer { decode($0) }
    }

    /// A last group, which has padding.
    private static func decodeLast(_ group: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
        let characters = group.prefix { $0 != UInt8(ascii: "=") }
        guard characters.count >= 2, group.dropFirst(characters.count).allSatisfy({ $0 == UInt8(ascii: "=") }) else {
            return nil
        }
        let bits = characters.reduce(0 as UInt32) { $0 << 6 | values[Int($1)] }
        let isSingle = characters.count == 2
        guard bits & invalid == 0, bits & (isSingle ? 0xF : 0x3) == 0 else { return nil }
        return isSingle
            ? [UInt8(truncatingIfNeeded: bits >> 4)]
            : [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
    }

    /// Appends the characters of `bytes`.
    package static func encode(_ bytes: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) {
        let characters = [UInt8](unsafeUninitializedCapacity: encodedCount(bytes.count)) { output, count in
            alphabet.withUnsafeBufferPointer { alphabet in
                count = encode(bytes, into: output, alphabet)
            }
        }
        text.append(contentsOf: characters)
    }

    private static func encode(
        _ bytes: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>,
        _ alphabet: UnsafeBufferPointer<UInt8>
    ) -> Int {
        var (from, until) = (0, 0)
        while from < bytes.count {
            let left = bytes.count - from
            let group =
                UInt32(bytes[from]) << 16 | (left > 1 ? UInt32(bytes[from + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[from + 2]) : 0)
            output[until] = alphabet[Int(group >> 18)]
            output[until + 1] = alphabet[Int(group >> 12 & 63)]
            output[until + 2] = left > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "=")
            output[until + 3] = left > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "=")
            from += 3
            until += 4
        }
        return until
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Above the 24 bits of a group: set by whatever is not in the alphabet, wherever in the group it stands.
    private static let invalid: UInt32 = 0xFF00_0000
    private static let values: [UInt32] = {
        var values = [UInt32](repeating: .max, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt32(value) }
        return values
    }()
}
