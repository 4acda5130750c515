import Logging
import RealtimeProtocol
package import SessionEngine

/// What usage is charged: what this server costs its owner, and what the hosted service would have. Nil: not told.
package struct SessionPrices: Equatable, Sendable {
    package var own: PriceTable?
    package var hosted: PriceTable?
    /// For the log: `USD`.
    package var currency: String

    package init(own: PriceTable? = nil, hosted: PriceTable? = nil, currency: String = "USD") {
        self.own = own
        self.hosted = hosted
        self.currency = currency
    }
}

/// The usage of one session, and its price. Pure but for the process's counters.
struct SessionAccounts {
    private let prices: SessionPrices
    /// For the counters.
    private let engine: String
    /// Nil: nobody's budget is charged.
    private let charge: SessionCharge?
    private var responses = 0
    private var input = Usage.Details()
    private var cached = Usage.Details()
    private var output = Usage.Details()
    private var transcribedSeconds = 0.0
    private var own = Money(nanos: 0)
    private var hosted = Money(nanos: 0)

    init(prices: SessionPrices, engine: String, charge: SessionCharge? = nil) {
        self.prices = prices
        self.engine = engine
        self.charge = charge
    }

    mutating func add(_ usage: Usage) {
        SessionMetrics.shared.account(usage)
        responses += 1
        input.add(usage.input)
        cached.add(usage.cached)
        output.add(usage.output)
        if let price = prices.own { spend(price.cost(usage), "response") }
        if let price = prices.hosted { hosted = hosted + price.cost(usage) }
    }

    private mutating func spend(_ cost: Money, _ kind: String) {
        own = own + cost
        SessionMetrics.shared.spent(cost, engine: engine, kind)
        if let charge { charge.ledger.charge(cost, to: charge.account) }
    }

    mutating func add(_ usage: TranscriptionUsage) {
        SessionMetrics.shared.account(usage)
        switch usage {
        case .duration(let seconds): transcribedSeconds += seconds
        case .tokens(let tokens, let written):
            input.add(tokens)
            output.text += written
        }
        if let price = prices.own { spend(price.cost(usage), "transcription") }
        if let price = prices.hosted { hosted = hosted + price.cost(usage) }
    }

    /// The line at the end of a session.
    func metadata(_ reason: SessionEndReason, duration: Duration) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "reason": "\(reason.label)", "seconds": "\(duration.components.seconds)", "responses": "\(responses)",
            "tokens.input": "\(input.total)", "tokens.cached": "\(cached.total)", "tokens.output": "\(output.total)",
            "tokens.audio": "\(input.audio + output.audio)", "transcribed.seconds": "\(transcribedSeconds)",
        ]
        if prices.own != nil { metadata["cost"] = "\(own.amount) \(prices.currency)" }
        if prices.hosted != nil { metadata["cost.hosted"] = "\(hosted.amount) \(prices.currency)" }
        return metadata
    }
}

extension Usage.Details {
    fileprivate mutating func add(_ other: Usage.Details) {
        text += other.text
        audio += other.audio
        image += other.image
    }
}

extension SessionEndReason {
    /// The case's name, for logs and metrics.
    var label: String {
        switch self {
        case .clientLeft: "client_left"
        case .hangUp: "hang_up"
        case .notResumed: "not_resumed"
        case .expired: "expired"
        case .shutdown: "shutdown"
        case .overrun: "overrun"
        case .internalError: "internal_error"
        }
    }
}
