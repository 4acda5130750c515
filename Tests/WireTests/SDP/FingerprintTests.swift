import Testing
import Wire

@Suite("Fingerprints")
struct FingerprintTests {
    private let pairs = (0..<32).map { _ in "aB" }.joined(separator: ":")
    private let fingerprint = Fingerprint(algorithm: "sha-256", digest: [UInt8](repeating: 0xAB, count: 32))

    @Test("Case and spaces do not matter")
    func tolerant() {
        #expect(Fingerprint(attribute: "SHA-256 \(pairs)") == fingerprint)
        #expect(Fingerprint(attribute: "  sha-256 \t \(pairs.lowercased())  ") == fingerprint)
        #expect(Fingerprint(attribute: "Sha-256 " + pairs.replacing(":", with: " : ")) == fingerprint)
    }

    @Test("It is written as browsers write it")
    func writing() {
        #expect(Fingerprint(algorithm: "SHA-1", digest: [0, 10, 255]).attributeValue == "sha-1 00:0A:FF")
    }

    @Test(
        "What is not a hash and pairs of digits is refused",
        arguments: [
            "", "sha-256", "sha-256 ", "sha-256 AB", "x A", "x A:BC", "x AB:", "x :AB", "x ABCD", "x +1:AB", "x GG",
            "x é:é",
        ])
    func refused(text: String) {
        #expect(Fingerprint(attribute: text) == nil)
    }

    @Test(
        "SHA-2 of at least 256 bits is trusted, all else is not",
        arguments: [
            ("sha-256", true), ("sha-384", true), ("sha-512", true), ("sha-1", false), ("md5", false),
            ("sha-224", false),
            ("quantum-9", false),
        ])
    func trust(algorithm: String, trusted: Bool) {
        #expect(Fingerprint(algorithm: algorithm, digest: []).isTrusted == trusted)
    }
}
