import COpenSSL

/// OpenSSL's algorithms of SRTP, fetched once: left to itself each cipher that is begun looks its algorithm up by name. Nil when
/// this build of OpenSSL is without.
///
/// Never freed; OpenSSL only reads them.
enum CipherAlgorithms {
    nonisolated(unsafe) static let aes128CTR = EVP_CIPHER_fetch(nil, "AES-128-CTR", nil)
    nonisolated(unsafe) static let aes128GCM = EVP_CIPHER_fetch(nil, "AES-128-GCM", nil)
    nonisolated(unsafe) static let hmac = EVP_MAC_fetch(nil, "HMAC", nil)
}
