import COpenSSL
import Foundation

/// Encrypts and authenticates short texts with AES-256-GCM (NIST SP 800-38D): nonce (12 bytes), ciphertext, tag (16).
///
/// The nonce is random, so one key is good for 2^32 texts. OpenSSL's own failures count as texts that do not open.
struct SecretBox: Sendable {
    private static let keyBytes = 32
    private static let nonceBytes = 12
    private static let tagBytes: Int32 = 16
    /// Bound to each text, and to the derivation of the key: another use of the same words has another name here.
    private static let purpose = Array("parley client secret 1".utf8)

    /// Bytes that sealing adds.
    static let overhead = nonceBytes + Int(tagBytes)

    private let key: [UInt8]

    /// The key is SHA-256 of the purpose and of words that only the operator knows.
    init(words: String) {
        var digest = [UInt8](repeating: 0, count: Self.keyBytes)
        let input = Self.purpose + [0] + Array(words.utf8)
        guard EVP_Digest(input, input.count, &digest, nil, EVP_sha256(), nil) == 1 else {
            preconditionFailure("SHA-256 is not available")
        }
        key = digest
    }

    /// A key that lives as long as the process.
    init() {
        key = (0..<Self.keyBytes).map { _ in .random(in: .min ... .max) }
    }

    func seal(_ text: [UInt8]) -> [UInt8]? {
        let nonce = (0..<Self.nonceBytes).map { _ in UInt8.random(in: .min ... .max) }
        guard let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        var sealed = [UInt8](repeating: 0, count: text.count)
        var tag = [UInt8](repeating: 0, count: Int(Self.tagBytes))
        var count: Int32 = 0
        guard EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            EVP_EncryptUpdate(context, nil, &count, Self.purpose, Int32(Self.purpose.count)) == 1,
            EVP_EncryptUpdate(context, &sealed, &count, text, Int32(text.count)) == 1,
            EVP_EncryptFinal_ex(context, nil, &count) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Self.tagBytes, &tag) == 1
        else { return nil }
        return nonce + sealed + tag
    }

    /// Nil for anything this key has not sealed, changed in any bit, or cut.
    func open(_ sealed: [UInt8]) -> [UInt8]? {
        guard sealed.count >= Self.overhead, let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        let nonce = Array(sealed.prefix(Self.nonceBytes))
        var tag = Array(sealed.suffix(Int(Self.tagBytes)))
        let body = Array(sealed.dropFirst(Self.nonceBytes).dropLast(Int(Self.tagBytes)))
        var text = [UInt8](repeating: 0, count: body.count)
        var count: Int32 = 0
        guard EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            EVP_DecryptUpdate(context, nil, &count, Self.purpose, Int32(Self.purpose.count)) == 1,
            EVP_DecryptUpdate(context, &text, &count, body, Int32(body.count)) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Self.tagBytes, &tag) == 1,
            EVP_DecryptFinal_ex(context, nil, &count) == 1
        else {
            ERR_clear_error()
            return nil
        }
        return text
    }
}
