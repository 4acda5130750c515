import COpenSSL

/// HMAC with SHA-1 (RFC 2104), which STUN and TURN ask for.
package enum HMACSHA1 {
    static let length = 20

    /// 20 bytes; empty, which no code equals, when OpenSSL has no SHA-1 or no memory.
    package static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: length)
        var written = UInt32(length)
        guard HMAC(EVP_sha1(), key, Int32(clamping: key.count), message, message.count, &code, &written) != nil else {
            return []
        }
        return code
    }
}
