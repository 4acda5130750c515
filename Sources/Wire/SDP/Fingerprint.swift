/// The hash of a certificate (RFC 8122 §5): `a=fingerprint:sha-256 12:DF:3E:…`.
package struct Fingerprint: Hashable, Sendable {
    /// Lower-cased, as `sha-256`.
    package var algorithm: String
    package var digest: [UInt8]

    package init(algorithm: String, digest: [UInt8]) {
        self.algorithm = algorithm.lowercased()
        self.digest = digest
    }

    /// Reads an attribute's value in any case and with stray spaces. Nil when it is not a hash and pairs of hexadecimal
    /// digits, or when a known hash has the wrong length.
    package init?(attribute: String) {
        let fields = attribute[...].fields
        guard let name = fields.first, let digest = Self.digest(from: fields.dropFirst().joined()) else { return nil }
        self.init(algorithm: String(name), digest: digest)
        guard Self.lengths[algorithm, default: digest.count] == digest.count else { return nil }
    }

    package var attributeValue: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var text = Array(algorithm.utf8)
        for (index, byte) in digest.enumerated() {
            text.append(UInt8(ascii: index == 0 ? " " : ":"))
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether the hash is strong enough to be believed.
    package var isTrusted: Bool {
        ["sha-256", "sha-384", "sha-512"].contains(algorithm)
    }

    /// Bytes of each registered hash.
    private static let lengths = [
        "md2": 16, "md5": 16, "sha-1": 20, "sha-224": 28, "sha-256": 32, "sha-384": 48, "sha-512": 64,
    ]

    /// Pairs of hexadecimal digits, a colon between each two; nil when it is not that.
    private static func digest(from text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        let width = 3
        guard digits.count % width == width - 1 else { return nil }
        var digest: [UInt8] = []
        digest.reserveCapacity(digits.count / width + 1)
        for start in stride(from: 0, to: digits.count, by: width) {
            guard start == 0 || digits[start - 1] == UInt8(ascii: ":"), let high = value(of: digits[start]),
                let low = value(of: digits[start + 1])
            else { return nil }
            digest.append(high << 4 | low)
        }
        return digest
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
