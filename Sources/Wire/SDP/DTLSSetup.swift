/// Who opens the DTLS connection: `a=setup` (RFC 4145 §4, RFC 8842 §5.2).
package enum DTLSSetup: String, Sendable {
    case actpass
    case active
    case passive
    case holdconn

    /// What an answerer says of the role it takes.
    init(answering role: DTLSRole) {
        self = role == .client ? .active : .passive
    }
}
