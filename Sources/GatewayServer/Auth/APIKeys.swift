import COpenSSL
import Foundation
import VoiceSession

/// The keys a client may present; comparison takes the same time whichever key, or none, is right.
package struct APIKeys: Sendable {
    private let keys: [[UInt8]]

    package var isEmpty: Bool { keys.isEmpty }

    package init(_ texts: [String]) {
        keys = texts.map { Array($0.utf8) }
    }

    /// A new key for `parley keys create`: 260 random bits.
    package static func makeKey() -> String { RandomName.make(prefix: RandomName.make(prefix: "sk-")) }

    /// The lines of a file, without blanks and `#` comments.
    static func read(file path: String) throws(FileError) -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable }
        let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
        let keys = lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard keys.allSatisfy(isWellFormed) else { throw .badKey }
        return keys
    }

    /// Why a file of keys was refused; never shows a key.
    enum FileError: Error, CustomStringConvertible {
        case unreadable
        case badKey

        var description: String {
            switch self {
            case .unreadable: "cannot be read"
            case .badKey: "each line must be printable ASCII without spaces"
            }
        }
    }

    static func isWellFormed(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// Whether it is one of the keys.
    func accept(_ key: String) -> Bool {
        let presented = Array(key.utf8)
        var matches: UInt8 = 0
        for key in keys {
            matches |= Self.equal(presented, key)
        }
        return matches == 1
    }

    /// The key in the value of an `Authorization` header; nil if it is no `Bearer`.
    static func bearer(_ authorization: String?) -> String? {
        guard let parts = authorization?.split(separator: " ", maxSplits: 1), parts.count == 2,
            parts[0].lowercased() == "bearer"
        else { return nil }
        return String(parts[1])
    }

    /// Of who has this key: the start of its SHA-256, the same on every server.
    static func account(of key: String) -> AccountID {
        var digest = [UInt8](repeating: 0, count: 32)
        let bytes = Array(key.utf8)
        guard EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil) == 1 else {
            preconditionFailure("SHA-256 is not available")
        }
        return AccountID(Base64URL.encode(Array(digest.prefix(12))))
    }

    /// 1 if equal; every presented byte is looked at, whatever the key.
    private static func equal(_ presented: [UInt8], _ key: [UInt8]) -> UInt8 {
        guard !key.isEmpty else { return 0 }
        var difference = UInt(presented.count ^ key.count)
        for index in presented.indices {
            difference |= UInt(presented[index] ^ key[index % key.count])
        }
        return difference == 0 ? 1 : 0
    }
}
