import SessionEngine
import Synchronization
import Testing
import VoiceSession

/// What the sessions of one key may spend together.
@Suite("Budget ledger")
struct BudgetLedgerTests {
    private let start = ContinuousClock.now
    private let key = AccountID("key")

    @Test("Charges of an account add up, and those of another do not count")
    func charges() {
        let ledger = BudgetLedger(limit: Money(nanos: 10), period: .seconds(60), now: { [start] in start })
        ledger.charge(Money(nanos: 4), to: key)
        ledger.charge(Money(nanos: 3), to: AccountID("other"))
        #expect(ledger.allowance(of: key) == .init(left: Money(nanos: 6), renews: start + .seconds(60)))
        ledger.charge(Money(nanos: 40), to: key)
        #expect(ledger.allowance(of: key).left == Money(nanos: 0))
    }

    @Test("After its period an account begins anew")
    func renewal() {
        let time = MovedTime(start)
        let ledger = BudgetLedger(limit: Money(nanos: 10), period: .seconds(60), now: { time.now })
        ledger.charge(Money(nanos: 10), to: key)
        time.pass(.seconds(59))
        #expect(ledger.allowance(of: key).left == Money(nanos: 0))
        time.pass(.seconds(1))
        #expect(ledger.allowance(of: key) == .init(left: Money(nanos: 10), renews: start + .seconds(120)))
    }

    @Test("Every session of a key hears what the others have spent")
    func watching() async {
        let ledger = BudgetLedger(limit: Money(nanos: 10), period: .seconds(60), now: { [start] in start })
        var one = ledger.watch(key).makeAsyncIterator()
        var two = ledger.watch(key).makeAsyncIterator()
        #expect(await one.next()?.left == Money(nanos: 10))
        ledger.charge(Money(nanos: 4), to: key)
        #expect(await one.next()?.left == Money(nanos: 6))
        // A slow reader gets the newest alone.
        #expect(await two.next()?.left == Money(nanos: 6))
    }
}

/// A time that a test moves.
private final class MovedTime: Sendable {
    private let elapsed: Mutex<Duration>
    private let start: ContinuousClock.Instant

    init(_ start: ContinuousClock.Instant) {
        elapsed = Mutex(.zero)
        self.start = start
    }

    var now: ContinuousClock.Instant { elapsed.withLock { start + $0 } }
    func pass(_ time: Duration) { elapsed.withLock { $0 += time } }
}
