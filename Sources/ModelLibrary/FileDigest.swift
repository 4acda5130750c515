import COpenSSL
import Foundation

/// SHA-256 of a file, read in pieces.
enum FileDigest {
    private static let pieceBytes = 1 << 20

    /// Lower-case hexadecimal.
    static func sha256(of path: String) throws(ModelError) -> String {
        guard let context = EVP_MD_CTX_new() else {
            throw .unreadable(path: path, reason: "OpenSSL has no memory")
        }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            throw .unreadable(path: path, reason: "OpenSSL has no SHA-256")
        }
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            while let piece = try file.read(upToCount: pieceBytes), !piece.isEmpty {
                _ = piece.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
            }
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        EVP_DigestFinal_ex(context, &digest, &length)
        return digest.map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }
}
