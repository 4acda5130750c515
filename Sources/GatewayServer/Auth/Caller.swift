/// Who is calling, once the key is checked.
package enum Caller: Equatable, Sendable {
    /// The server has no keys: anybody on this machine.
    case anybody
    /// One of `auth.keys`.
    case key
    case secret(SecretGrant)

    var grant: SecretGrant? {
        if case .secret(let grant) = self { grant } else { nil }
    }

    /// Whether this caller may attach to, or hang up, a call that `owner` made: a client secret only its own.
    func mayReach(callOf owner: Caller) -> Bool {
        guard let grant else { return true }
        return grant.id == owner.grant?.id
    }
}
