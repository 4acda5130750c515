import COpenSSL

/// AEAD_AES_128_GCM (RFC 7714). Owned by one SRTPContext; allocates nothing for a packet.
final class GaloisCounterCipher: PacketCipher {
    let tagBytes = 16
    let indexIsBehindTag = true

    private let context: OpaquePointer
    private let salt: PacketSalt

    /// Nil when OpenSSL refuses. `seals`: of the two directions the sending one.
    init?(key: [UInt8], salt: [UInt8], seals: Bool) {
        guard let context = EVP_CIPHER_CTX_new() else { return nil }
        self.context = context
        self.salt = PacketSalt(salt)
        guard EVP_CipherInit_ex(context, CipherAlgorithms.aes128GCM, nil, key, nil, seals ? 1 : 0) == 1 else {
            return nil
        }
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    func seal(_ text: PacketText, at position: PacketPosition, tag: UnsafeMutableRawPointer) -> Bool {
        begin(position) && update(text) && finish()
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagBytes), tag) == 1
    }

    func open(_ text: PacketText, at position: PacketPosition, tag: UnsafeMutableRawPointer) -> Bool {
        begin(position) && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagBytes), tag) == 1
            && update(text) && finish()
    }

    private func begin(_ position: PacketPosition) -> Bool {
        salt.withVector(position, sourceAt: 2, indexAt: 6) { EVP_CipherInit_ex(context, nil, nil, nil, $0, -1) == 1 }
    }

    /// What is authenticated alone, then what is encrypted too.
    private func update(_ text: PacketText) -> Bool {
        var written: Int32 = 0
        guard EVP_CipherUpdate(context, nil, &written, text.header.octets, Int32(clamping: text.header.count)) == 1
        else { return false }
        if var word = text.controlWord {
            let isTaken = withUnsafeBytes(of: &word) {
                EVP_CipherUpdate(context, nil, &written, $0.octets, Int32(clamping: $0.count)) == 1
            }
            guard isTaken else { return false }
        }
        guard !text.body.isEmpty else { return true }
        return EVP_CipherUpdate(
            context, text.body.octets, &written, text.body.octets, Int32(clamping: text.body.count)) == 1
    }

    /// Makes the tag, or compares it; there is no text left to write.
    private func finish() -> Bool {
        var nothing: (UInt64, UInt64) = (0, 0)
        var written: Int32 = 0
        return withUnsafeMutableBytes(of: &nothing) { EVP_CipherFinal_ex(context, $0.octets, &written) == 1 }
    }
}
