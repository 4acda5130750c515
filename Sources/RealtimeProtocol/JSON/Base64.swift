/// Base64 with the standard alphabet and padding (RFC 4648 section 4), from and to bytes without a String between.
package enum Base64 {
    /// Characters for that many bytes.
    package static func encodedCount(_ bytes: Int) -> Int { (bytes + 2) / 3 * 4 }

    /// Nil unless all of it is base64: whole groups of four, padding only at the end, no bits left over, no line breaks.
    package static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        let (bytes, length) = decodePrefix(text)
        return length == text.count ? bytes : nil
    }

    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        Array(text).withUnsafeBufferPointer { decode($0) }
    }

    /// The bytes of the longest start of a text that is base64, and how many characters that start has.
    package static func decodePrefix(_ text: UnsafeBufferPointer<UInt8>) -> (bytes: [UInt8], length: Int) {
        var length = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { output, count in
            length = values.withUnsafeBufferPointer { decodeGroups(text, into: output, $0) }
            count = length / 4 * 3
            if let last = decodeLast(text[length...].prefix(4)) {
                for byte in last {
                    output[count] = byte
                    count += 1
                }
                length += 4
            }
        }
        return (bytes, length)
    }

    /// Decodes whole groups up to one that has other characters; the number of characters read.
    private static func decodeGroups(
        _ text: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>,
        _ values: UnsafeBufferPointer<UInt32>
    ) -> Int {
        var (from, until) = (0, 0)
        // Two groups at once, six bytes and two that the next will overwrite, as long as there is room for them.
        let raw = UnsafeMutableRawBufferPointer(output)
        while from + 8 <= text.count, until + 8 <= output.count {
            let (first, second) = (group(text, from, values), group(text, from + 4, values))
            guard (first | second) & invalid == 0 else { break }
            let bytes = UInt64(first) << 40 | UInt64(second) << 16
            raw.storeBytes(of: bytes.bigEndian, toByteOffset: until, as: UInt64.self)
            from += 8
            until += 6
        }
        while from + 4 <= text.count {
            let group = group(text, from, values)
            guard group & invalid == 0 else { break }
            output[until] = UInt8(truncatingIfNeeded: group >> 16)
            output[until + 1] = UInt8(truncatingIfNeeded: group >> 8)
            output[until + 2] = UInt8(truncatingIfNeeded: group)
            from += 4
            until += 3
        }
        return from
    }

    @inline(__always)
    private static func group(
        _ text: UnsafeBufferPointer<UInt8>, _ from: Int, _ values: UnsafeBufferPointer<UInt32>
    ) -> UInt32 {
        values[Int(text[from])] << 18 | values[Int(text[from + 1])] << 12 | values[Int(text[from + 2])] << 6
            | values[Int(text[from + 3])]
    }

    /// A last group, with padding; nil for anything else.
    private static func decodeLast(_ group: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
        let characters = group.prefix { $0 != UInt8(ascii: "=") }
        let padding = group.dropFirst(characters.count)
        guard group.count == 4, 1...2 ~= padding.count, padding.allSatisfy({ $0 == UInt8(ascii: "=") }) else {
            return nil
        }
        let bits = characters.reduce(0 as UInt32) { $0 << 6 | values[Int($1)] }
        let isSingle = padding.count == 2
        guard bits & invalid == 0, bits & (isSingle ? 0xF : 0x3) == 0 else { return nil }
        return isSingle
            ? [UInt8(truncatingIfNeeded: bits >> 4)]
            : [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
    }

    /// Appends the characters of `bytes`.
    package static func encode(_ bytes: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) {
        let characters = [UInt8](unsafeUninitializedCapacity: encodedCount(bytes.count)) { output, count in
            count = pairs.withUnsafeBufferPointer { encode(bytes, into: output, $0) }
        }
        text.append(contentsOf: characters)
    }

    /// Two characters at a time; the number of characters written.
    private static func encode(
        _ bytes: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>,
        _ pairs: UnsafeBufferPointer<UInt16>
    ) -> Int {
        var (from, until) = (0, 0)
        // Six bytes of the eight that are read become eight characters, which are written at once.
        let (rawBytes, rawOutput) = (UnsafeRawBufferPointer(bytes), UnsafeMutableRawBufferPointer(output))
        while from + 8 <= bytes.count {
            let group = UInt64(bigEndian: rawBytes.loadUnaligned(fromByteOffset: from, as: UInt64.self))
            let characters =
                UInt64(pairs[Int(group >> 52)]) << 48 | UInt64(pairs[Int(group >> 40 & 0xFFF)]) << 32
                | UInt64(pairs[Int(group >> 28 & 0xFFF)]) << 16 | UInt64(pairs[Int(group >> 16 & 0xFFF)])
            rawOutput.storeBytes(of: characters.bigEndian, toByteOffset: until, as: UInt64.self)
            from += 6
            until += 8
        }
        while from + 3 <= bytes.count {
            let group = UInt32(bytes[from]) << 16 | UInt32(bytes[from + 1]) << 8 | UInt32(bytes[from + 2])
            let (first, second) = (pairs[Int(group >> 12)], pairs[Int(group & 0xFFF)])
            output[until] = UInt8(truncatingIfNeeded: first >> 8)
            output[until + 1] = UInt8(truncatingIfNeeded: first)
            output[until + 2] = UInt8(truncatingIfNeeded: second >> 8)
            output[until + 3] = UInt8(truncatingIfNeeded: second)
            from += 3
            until += 4
        }
        let left = bytes.count - from
        guard left > 0 else { return until }
        let group = UInt32(bytes[from]) << 16 | (left > 1 ? UInt32(bytes[from + 1]) << 8 : 0)
        let (first, second) = (pairs[Int(group >> 12)], pairs[Int(group & 0xFFF)])
        output[until] = UInt8(truncatingIfNeeded: first >> 8)
        output[until + 1] = UInt8(truncatingIfNeeded: first)
        output[until + 2] = left > 1 ? UInt8(truncatingIfNeeded: second >> 8) : UInt8(ascii: "=")
        output[until + 3] = UInt8(ascii: "=")
        return until + 4
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The two characters of every 12 bits.
    private static let pairs = (0..<4_096).map { UInt16(alphabet[$0 >> 6]) << 8 | UInt16(alphabet[$0 & 63]) }

    /// Above the 24 bits of a group: set by whatever is not in the alphabet, wherever in the group it stands.
    private static let invalid: UInt32 = 0xFF00_0000
    private static let values: [UInt32] = {
        var values = [UInt32](repeating: .max, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt32(value) }
        return values
    }()
}
