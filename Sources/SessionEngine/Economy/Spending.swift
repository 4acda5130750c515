package import RealtimeProtocol

/// What a session may cost, and what each thing costs.
package struct SpendingLimits: Equatable, Sendable {
    package var prices: PriceTable
    /// Of the session alone; nil: no limit.
    package var session: Money?
    /// For clients: `USD`.
    package var currency: String
    /// What the assistant says where the money is used up; empty: nothing.
    package var words: String

    package init(prices: PriceTable, session: Money?, currency: String, words: String = "") {
        self.prices = prices
        self.session = session
        self.currency = currency
        self.words = words
    }
}

/// What a session has spent, and what is left to it of the budget that it shares.
package struct Spending: Sendable {
    private let limits: SpendingLimits?
    private var spent = Money(nanos: 0)
    /// Of the key's budget, and when that begins anew.
    private var shared: (left: Money, renews: ContinuousClock.Instant)?

    package init(_ limits: SpendingLimits?) { self.limits = limits }

    var words: String { limits?.words ?? "" }
    package var isLimited: Bool { limits != nil }

    package mutating func spend(_ usage: Usage) {
        if let limits { spent = spent + limits.prices.cost(usage) }
    }

    package mutating func spend(_ usage: TranscriptionUsage) {
        if let limits { spent = spent + limits.prices.cost(usage) }
    }

    package mutating func share(left: Money, renews: ContinuousClock.Instant) { shared = (left, renews) }

    /// Why nothing more may be spent, with what is running counted in; nil while there is money.
    package func refusal(_ running: [Usage], now: ContinuousClock.Instant) -> EngineFailure? {
        guard let limits else { return nil }
        let cost = running.reduce(Money(nanos: 0)) { $0 + limits.prices.cost($1) }
        if let limit = limits.session, spent + cost >= limit {
            return .budget("The budget of this session, \(limit.amount) \(limits.currency), is used up.")
        }
        if let shared, now < shared.renews, cost >= shared.left {
            return .budget("The budget of the API key that this session belongs to is used up.")
        }
        return nil
    }
}

extension EngineFailure {
    /// The code that clients know for it.
    package static let budgetCode = "insufficient_quota"

    static func budget(_ message: String) -> EngineFailure { EngineFailure(code: budgetCode, message: message) }
}

extension SessionMachine {
    /// Ends what is being said where the money is used up: what the voice has is spoken, then why, and the response is over.
    mutating func reviewSpending() {
        guard spending.isLimited else { return }
        let running = responses.all.filter { $0.phase == .generating && $0.failure == nil }
        guard !running.isEmpty, let refusal = spending.refusal(running.map(\.usage), now: now) else { return }
        for response in running {
            act(.giveUp(response.generation, .languageModel))
            fail(response.generation, refusal, saying: spending.words)
        }
    }

    /// A response that would cost what is not there is refused in words.
    func checkBudget() throws(ProtocolError) {
        guard let refusal = spending.refusal(responses.all.map(\.usage), now: now) else { return }
        throw ProtocolError(.rateLimit, code: refusal.code, refusal.message)
    }
}

extension ActiveResponse {
    /// So far.
    fileprivate var usage: Usage { meter.usage(samples: samples) }
}
