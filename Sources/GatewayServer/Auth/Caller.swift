package import VoiceSession

/// Who is calling, once the key is checked.
///
/// A key's account is a digest of it: it pays for what the key does, and for what is done with the secrets the key makes.
package enum Caller: Equatable, Sendable {
    /// The server has no keys: anybody on this machine.
    case anybody
    /// One of `auth.keys`.
    case key(AccountID)
    case secret(SecretGrant)

    var grant: SecretGrant? {
        if case .secret(let grant) = self { grant } else { nil }
    }

    /// Of the sessions that the caller starts.
    var owner: SessionOwner {
        switch self {
        case .anybody: SessionOwner()
        case .key(let account): SessionOwner(account: account)
        case .secret(let grant): SessionOwner(namesAddresses: false, account: grant.account)
        }
    }

    /// Whether this caller may come back to a session that `owner` began: the same key, the same client secret, or the key that
    /// the secret was made with.
    func mayResume(sessionOf owner: Caller) -> Bool {
        switch self {
        case .anybody: owner.grant == nil
        case .key(let account): account == owner.owner.account
        case .secret(let grant): grant.id == owner.grant?.id
        }
    }

    /// Whether this caller may attach to, or hang up, a call that `owner` made: a client secret only its own.
    func mayReach(callOf owner: Caller) -> Bool {
        guard let grant else { return true }
        return grant.id == owner.grant?.id
    }
}
