/// The side of the DTLS handshake a peer takes.
package enum DTLSRole: Sendable {
    case client
    case server
}
