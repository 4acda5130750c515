/// Whose a session is, as far as that matters to it.
package struct SessionOwner: Sendable {
    /// Whether its clients may name addresses of MCP servers; the holder of a client secret may not.
    package var namesAddresses: Bool
    /// Who pays; nil where the gateway has no keys.
    package var account: AccountID?

    package init(namesAddresses: Bool = true, account: AccountID? = nil) {
        self.namesAddresses = namesAddresses
        self.account = account
    }
}

/// Charges what a session costs to the account that pays for it.
package struct SessionCharge: Sendable {
    package var ledger: BudgetLedger
    package var account: AccountID

    package init(ledger: BudgetLedger, account: AccountID) {
        self.ledger = ledger
        self.account = account
    }
}
