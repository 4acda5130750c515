import Metrics

/// Counts of sockets, messages and why sockets ended.
struct WebSocketMetrics: Sendable {
    private let factory: any MetricsFactory
    private let noun: String
    private let open: Meter
    private let accepted: Counter
    private let messagesIn: Counter
    private let messagesOut: Counter
    private let bytesIn: Counter
    private let bytesOut: Counter

    /// - Parameter noun: what the sockets are called in labels: `gateway_websockets`, `gateway_websocket_messages_total`.
    init(factory: any MetricsFactory, noun: String = "websocket") {
        self.factory = factory
        self.noun = noun
        open = Meter(label: "gateway_\(noun)s", factory: factory)
        accepted = Counter(label: "gateway_\(noun)s_accepted_total", factory: factory)
        let (inbound, outbound) = ([("direction", "in")], [("direction", "out")])
        messagesIn = Counter(label: "gateway_\(noun)_messages_total", dimensions: inbound, factory: factory)
        messagesOut = Counter(label: "gateway_\(noun)_messages_total", dimensions: outbound, factory: factory)
        bytesIn = Counter(label: "gateway_\(noun)_bytes_total", dimensions: inbound, factory: factory)
        bytesOut = Counter(label: "gateway_\(noun)_bytes_total", dimensions: outbound, factory: factory)
        open.set(0)
    }

    func opened() {
        accepted.increment()
        open.increment()
    }

    /// `cause` is one of `WebSocketClose.cause`, `client` for a close frame of the client, `lost` for none.
    func closed(cause: String) {
        open.decrement()
        Counter(label: "gateway_\(noun)_closes_total", dimensions: [("cause", cause)], factory: factory).increment()
    }

    func received(bytes: Int) {
        messagesIn.increment()
        bytesIn.increment(by: bytes)
    }

    func sent(messages: Int, bytes: Int) {
        messagesOut.increment(by: messages)
        bytesOut.increment(by: bytes)
    }
}
