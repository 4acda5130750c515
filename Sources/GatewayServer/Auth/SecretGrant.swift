package import RealtimeProtocol
package import VoiceSession

/// What a client secret allows: to start sessions of one configuration, and to reach the calls made with it.
package struct SecretGrant: Equatable, Sendable {
    /// Random; the same for all sessions of one secret.
    package var id: String
    /// The model is empty if the secret names none.
    package var configuration: SessionConfiguration
    /// Of the client that will hold it: beta for a secret of a legacy endpoint.
    package var dialect: Dialect
    /// Unix seconds.
    package var expiresAt: Int
    /// Of the key that made it; nil where the gateway has no keys.
    package var account: AccountID?

    package init(
        id: String, configuration: SessionConfiguration, dialect: Dialect, expiresAt: Int, account: AccountID? = nil
    ) {
        self.id = id
        self.configuration = configuration
        self.dialect = dialect
        self.expiresAt = expiresAt
        self.account = account
    }
}
