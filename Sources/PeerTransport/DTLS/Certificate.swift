import COpenSSL
package import Wire

/// A self-signed ECDSA P-256 certificate for DTLS (RFC 8827 §6.5), and the TLS context that presents it.
///
/// `@unchecked Sendable`: both pointers are set once; OpenSSL counts references to them and locks inside.
package final class Certificate: @unchecked Sendable {
    /// SHA-256 over the certificate, as the SDP states it.
    package let fingerprint: Fingerprint
    let context: OpaquePointer

    /// Days before and after now for which the certificate is valid.
    private static let validDays = 30

    package convenience init() throws(OpenSSLError) { try self.init(library: HandshakeLibrary.context) }

    /// `library`: of OpenSSL, for the handshakes; nil for the one of the process, as it comes.
    convenience init(library: OpaquePointer?) throws(OpenSSLError) {
        let key = try Self.makeKey()
        defer { EVP_PKEY_free(key) }
        try self.init(key: key, library: library)
    }

    /// With a key of the caller's, which may be freed then.
    init(key: OpaquePointer, library: OpaquePointer? = HandshakeLibrary.context) throws(OpenSSLError) {
        let certificate = try Self.makeCertificate(key: key)
        defer { X509_free(certificate) }
        fingerprint = Fingerprint(algorithm: "sha-256", digest: Self.digest(of: certificate, EVP_sha256()))
        context = try Self.makeContext(certificate: certificate, key: key, library: library)
    }

    deinit { SSL_CTX_free(context) }

    /// Digest of a certificate's DER form; empty when OpenSSL refuses.
    static func digest(of certificate: OpaquePointer, _ algorithm: OpaquePointer?) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard X509_digest(certificate, algorithm, &digest, &length) == 1 else { return [] }
        return Array(digest.prefix(Int(length)))
    }

    private static func makeKey() throws(OpenSSLError) -> OpaquePointer {
        let maker = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
        defer { EVP_PKEY_CTX_free(maker) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(maker) == 1,
            EVP_PKEY_CTX_set_ec_paramgen_curve_nid(maker, NID_X9_62_prime256v1) == 1,
            EVP_PKEY_keygen(maker, &key) == 1, let key
        else { throw .last("EVP_PKEY_keygen") }
        return key
    }

    private static func makeCertificate(key: OpaquePointer) throws(OpenSSLError) -> OpaquePointer {
        guard let certificate = X509_new() else { throw .last("X509_new") }
        var serial: Int64 = 0
        withUnsafeMutableBytes(of: &serial) { _ = RAND_bytes($0.baseAddress, Int32($0.count)) }
        let day = 86_400
        X509_set_version(certificate, 2)
        ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), serial & Int64.max)
        X509_gmtime_adj(X509_getm_notBefore(certificate), -validDays * day)
        X509_gmtime_adj(X509_getm_notAfter(certificate), validDays * day)
        let name = X509_get_subject_name(certificate)
        guard X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, "WebRTC", -1, -1, 0) == 1,
            X509_set_issuer_name(certificate, name) == 1, X509_set_pubkey(certificate, key) == 1,
            X509_sign(certificate, key, EVP_sha256()) > 0
        else {
            X509_free(certificate)
            throw .last("X509_sign")
        }
        return certificate
    }

    private static func makeContext(
        certificate: OpaquePointer, key: OpaquePointer, library: OpaquePointer?
    ) throws(OpenSSLError) -> OpaquePointer {
        guard let context = SSL_CTX_new_ex(library, nil, DTLS_method()) else {
            throw .last("SSL_CTX_new_ex")
        }
        let ciphers =
            "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
            + "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-SHA"
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(DTLS1_2_VERSION), nil)
        // The fingerprint in the SDP is the authority (RFC 8122), not a chain; it is checked when the handshake ends.
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        SSL_CTX_set_cert_verify_callback(context, { _, _ in 1 }, nil)
        // A call's session is never resumed: no tickets, no cache.
        SSL_CTX_set_options(
            context, parley_SSL_OP_NO_QUERY_MTU | parley_SSL_OP_NO_RENEGOTIATION | parley_SSL_OP_NO_TICKET)
        SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
        // What we send fits a datagram, so a write buffer of that size will do for each call instead of 16 KiB.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_SEND_FRAGMENT, DatagramBIO.mtu, nil)
        // SSL_CTX_set_tlsext_use_srtp returns 0 on success.
        guard SSL_CTX_use_certificate(context, certificate) == 1, SSL_CTX_use_PrivateKey(context, key) == 1,
            SSL_CTX_set_cipher_list(context, ciphers) == 1,
            SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80") == 0
        else {
            SSL_CTX_free(context)
            throw .last("SSL_CTX set-up")
        }
        return context
    }
}
