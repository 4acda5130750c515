import COpenSSL

/// AES_CM_128_HMAC_SHA1_80 (RFC 3711 §4.1.1, §4.2.1). Owned by one SRTPContext; allocates nothing for a packet.
final class CounterModeCipher: PacketCipher {
    let tagBytes = 10
    let indexIsBehindTag = false

    private static let codeBytes = 20
    private let context: OpaquePointer
    private let authentication: OpaquePointer
    private let salt: PacketSalt

    /// Nil when OpenSSL refuses.
    init?(_ keys: SRTPSessionKeys) {
        guard let context = EVP_CIPHER_CTX_new() else { return nil }
        guard let authentication = Self.authentication(key: keys.authentication) else {
            EVP_CIPHER_CTX_free(context)
            return nil
        }
        self.context = context
        self.authentication = authentication
        salt = PacketSalt(keys.salt)
        guard EVP_EncryptInit_ex(context, CipherAlgorithms.aes128CTR, nil, keys.cipher, nil) == 1 else { return nil }
    }

    deinit {
        EVP_CIPHER_CTX_free(context)
        EVP_MAC_CTX_free(authentication)
    }

    func seal(_ text: PacketText, at position: PacketPosition, tag: UnsafeMutableRawPointer) -> Bool {
        encrypt(text.body, position)
            && withCode(text, position) {
                tag.copyMemory(from: $0, byteCount: tagBytes)
                return true
            }
    }

    func open(_ text: PacketText, at position: PacketPosition, tag: UnsafeMutableRawPointer) -> Bool {
        withCode(text, position) { CRYPTO_memcmp($0, tag, tagBytes) == 0 } && encrypt(text.body, position)
    }

    /// Adds the key stream, which is its own inverse.
    private func encrypt(_ body: UnsafeMutableRawBufferPointer, _ position: PacketPosition) -> Bool {
        let isBegun = salt.withVector(position, sourceAt: 4, indexAt: 8) {
            EVP_EncryptInit_ex(context, nil, nil, nil, $0) == 1
        }
        guard isBegun, !body.isEmpty else { return isBegun }
        var written: Int32 = 0
        return EVP_EncryptUpdate(context, body.octets, &written, body.octets, Int32(clamping: body.count)) == 1
    }

    /// The code over the encrypted packet and what stands for its index: the rollover counter, or RTCP's word.
    private func withCode(
        _ text: PacketText, _ position: PacketPosition, _ body: (UnsafeRawPointer) -> Bool
    ) -> Bool {
        var word = text.controlWord ?? UInt32(truncatingIfNeeded: position.index >> 16).bigEndian
        return withUnsafeTemporaryAllocation(byteCount: Self.codeBytes, alignment: 8) { code in
            var length = 0
            let isMade =
                EVP_MAC_init(authentication, nil, 0, nil) == 1
                && EVP_MAC_update(authentication, text.header.octets, text.header.count) == 1
                && EVP_MAC_update(authentication, text.body.octets, text.body.count) == 1
                && withUnsafeBytes(of: &word) { EVP_MAC_update(authentication, $0.octets, $0.count) == 1 }
                && EVP_MAC_final(authentication, code.octets, &length, Self.codeBytes) == 1
            guard isMade, length == Self.codeBytes, let made = code.baseAddress else { return false }
            return body(UnsafeRawPointer(made))
        }
    }

    private static func authentication(key: [UInt8]) -> OpaquePointer? {
        guard let algorithm = CipherAlgorithms.hmac, let context = EVP_MAC_CTX_new(algorithm) else { return nil }
        var digest = Array("SHA1".utf8CString)
        let isReady = digest.withUnsafeMutableBufferPointer { digest in
            let parameters = [
                OSSL_PARAM_construct_utf8_string("digest", digest.baseAddress, 0), OSSL_PARAM_construct_end(),
            ]
            return EVP_MAC_init(context, key, key.count, parameters) == 1
        }
        guard isReady else {
            EVP_MAC_CTX_free(context)
            return nil
        }
        return context
    }
}
