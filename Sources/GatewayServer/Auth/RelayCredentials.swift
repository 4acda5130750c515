import PeerTransport
import RealtimeProtocol

/// Time-limited credentials of TURN servers that share a secret with us, as coturn's `use-auth-secret` takes them (TURN
/// REST API, draft-uberti-behave-turn-rest-00 §2.2): nothing is stored, and nobody has to be told.
struct RelayCredentials: Sendable, Equatable {
    /// Unix seconds, a colon and a name.
    let username: String
    let credential: String
    /// Unix seconds; relays made before live on as long as they are refreshed.
    let expiresAt: Int

    /// `name` tells users apart where the server counts what each takes, as coturn's `user-quota` does.
    init(secret: String, name: String, lifetimeSeconds: Int, now: Int) {
        expiresAt = now + lifetimeSeconds
        username = "\(expiresAt):\(name)"
        var text: [UInt8] = []
        HMACSHA1.code(of: Array(username.utf8), key: Array(secret.utf8)).withUnsafeBufferPointer {
            Base64.encode($0, into: &text)
        }
        credential = String(decoding: text, as: UTF8.self)
    }
}
