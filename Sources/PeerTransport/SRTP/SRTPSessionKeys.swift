import COpenSSL

/// The session keys of RTP or RTCP in one direction, derived once from the master key and salt (RFC 3711 §4.3, RFC 7714 §11).
struct SRTPSessionKeys: Equatable {
    /// What the keys protect; the raw value is the first of three labels (RFC 3711 §4.3.1).
    enum Kind: UInt8 {
        case rtp = 0
        case rtcp = 3
    }

    /// Of AES-128.
    let cipher: [UInt8]
    /// Of HMAC-SHA1; AEAD makes no use of it.
    let authentication: [UInt8]
    /// As long as the master salt.
    let salt: [UInt8]

    private static let cipherBytes = 16
    private static let authenticationBytes = 20
    /// Salts are filled to so many bytes on the right.
    private static let saltBytes = 14
    /// Where the label stands in the derivation's 14 bytes.
    private static let labelOffset = 7

    /// `master`: key and salt, joined. Nil when OpenSSL refuses.
    init?(master: [UInt8], profile: KeyingMaterial.Profile, kind: Kind) {
        guard master.count == profile.keyLength + profile.saltLength else { return nil }
        let key = Array(master.prefix(profile.keyLength))
        var salt = Array(master.dropFirst(profile.keyLength))
        salt += [UInt8](repeating: 0, count: Self.saltBytes - salt.count)
        guard let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        guard EVP_EncryptInit_ex(context, CipherAlgorithms.aes128CTR, nil, key, nil) == 1 else { return nil }
        func derived(_ label: UInt8, _ count: Int) -> [UInt8]? {
            var counter = salt + [0, 0]
            counter[Self.labelOffset] ^= label
            return Self.keyStream(context, counter: counter, count: count)
        }
        guard let cipher = derived(kind.rawValue, Self.cipherBytes),
            let authentication = derived(kind.rawValue + 1, Self.authenticationBytes),
            let sessionSalt = derived(kind.rawValue + 2, profile.saltLength)
        else { return nil }
        (self.cipher, self.authentication, self.salt) = (cipher, authentication, sessionSalt)
    }

    /// AES-128 in counter mode over zeros, under the key of `context`.
    private static func keyStream(_ context: OpaquePointer, counter: [UInt8], count: Int) -> [UInt8]? {
        var stream = [UInt8](repeating: 0, count: count)
        let zeros = stream
        var written: Int32 = 0
        guard EVP_EncryptInit_ex(context, nil, nil, nil, counter) == 1,
            EVP_EncryptUpdate(context, &stream, &written, zeros, Int32(clamping: count)) == 1, written == count
        else { return nil }
        return stream
    }
}
