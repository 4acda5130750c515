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
            text += [UInt8(ascii: index == 0 ? " " : ":"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
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

    private static func digest(from text: String) -> [UInt8]? {
        var digest: [UInt8] = []
        for pair in text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            guard pair.count == 2, pair.allSatisfy(isHexadecimal), let byte = UInt8(Substring(pair), radix: 16) else {
                return nil
            }
            digest.append(byte)
        }
        return digest
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
