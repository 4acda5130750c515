package import SessionEngine
import Synchronization

/// Whose money a session spends.
package struct AccountID: Hashable, Sendable {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// What the sessions of each account may spend together in one period, which begins with the first charge. One for the process.
package final class BudgetLedger: Sendable {
    /// What is left, and when the period ends.
    package struct Allowance: Equatable, Sendable {
        package var left: Money
        package var renews: ContinuousClock.Instant

        package init(left: Money, renews: ContinuousClock.Instant) {
            self.left = left
            self.renews = renews
        }
    }

    private struct Account {
        var spent = Money(nanos: 0)
        var renews: ContinuousClock.Instant
        var watchers: [UInt64: AsyncStream<Allowance>.Continuation] = [:]
    }

    private struct State {
        var accounts: [AccountID: Account] = [:]
        var watchers: UInt64 = 0
    }

    private let limit: Money
    private let period: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    package init(
        limit: Money, period: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.limit = limit
        self.period = period
        self.now = now
    }

    /// Tells every session of the account what is left after it.
    package func charge(_ cost: Money, to account: AccountID) {
        let charged: Account = state.withLock { state in
            var present = renewed(account, &state)
            present.spent = present.spent + cost
            state.accounts[account] = present
            return present
        }
        for watcher in charged.watchers.values { watcher.yield(left(charged)) }
    }

    package func allowance(of account: AccountID) -> Allowance {
        let present: Account = state.withLock { renewed(account, &$0) }
        return left(present)
    }

    /// What is left now, and again after each charge; only the newest is kept for a slow reader.
    package func watch(_ account: AccountID) -> AsyncStream<Allowance> {
        let (stream, continuation) = AsyncStream.makeStream(of: Allowance.self, bufferingPolicy: .bufferingNewest(1))
        let (number, present): (UInt64, Account) = state.withLock { state in
            var present = renewed(account, &state)
            state.watchers += 1
            present.watchers[state.watchers] = continuation
            state.accounts[account] = present
            return (state.watchers, present)
        }
        continuation.yield(left(present))
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.accounts[account]?.watchers[number] = nil }
        }
        return stream
    }

    /// The account in its present period.
    private func renewed(_ id: AccountID, _ state: inout State) -> Account {
        let now = now()
        var account = state.accounts[id] ?? Account(renews: now + period)
        if account.renews <= now {
            account.spent = Money(nanos: 0)
            account.renews = now + period
        }
        state.accounts[id] = account
        return account
    }

    private func left(_ account: Account) -> Allowance {
        Allowance(left: Money(nanos: max(0, limit.nanos - account.spent.nanos)), renews: account.renews)
    }
}
