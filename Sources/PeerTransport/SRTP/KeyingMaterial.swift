import COpenSSL
import Wire

/// SRTP keys exported from a finished DTLS handshake (RFC 5764 §4.2).
struct KeyingMaterial: Equatable {
    enum Profile: UInt {
        case aes128CMHMACSHA1 = 0x0001
        case aeadAES128GCM = 0x0007

        /// Bytes of master key and master salt (RFC 5764 §4.1.2, RFC 7714 §14.2).
        var keyLength: Int { 16 }
        var saltLength: Int { self == .aeadAES128GCM ? 12 : 14 }
    }

    let profile: Profile
    /// Key and salt, joined, that the DTLS client sends with.
    let client: [UInt8]
    /// Key and salt, joined, that the DTLS server sends with.
    let server: [UInt8]

    init(profile: Profile, client: [UInt8], server: [UInt8]) {
        self.profile = profile
        self.client = client
        self.server = server
    }

    /// Nil when the handshake agreed on no profile of ours.
    init?(exportedFrom ssl: OpaquePointer) {
        guard let selected = SSL_get_selected_srtp_profile(ssl), let profile = Profile(rawValue: selected.pointee.id)
        else { return nil }
        let key = profile.keyLength
        let salt = profile.saltLength
        var block = [UInt8](repeating: 0, count: 2 * (key + salt))
        let label = "EXTRACTOR-dtls_srtp"
        guard SSL_export_keying_material(ssl, &block, block.count, label, label.utf8.count, nil, 0, 0) == 1
        else { return nil }
        // client key | server key | client salt | server salt
        self.profile = profile
        client = Array(block[0..<key] + block[(2 * key)..<(2 * key + salt)])
        server = Array(block[key..<(2 * key)] + block[(2 * key + salt)...])
    }
}
