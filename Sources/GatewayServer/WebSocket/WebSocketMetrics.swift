import Metrics

/// Counts of sockets, messages and why sockets ended.
struct WebSocketMetrics: Sendable {
    private let factory: any MetricsFactory
    private let open: Meter
    private let accepted: Counter
    private let messagesIn: Counter
    private let messagesOut: Counter
    private let bytesIn: Counter
    private let bytesOut: Counter

    init(factory: any MetricsFactory) {
        self.factory = factory
        open = Meter(label: "gateway_websockets", factory: factory)
        accepted = Counter(label: "gateway_websockets_accepted_total", factory: factory)
        let (inbound, outbound) = ([("direction", "in")], [("direction", "out")])
        messagesIn = Counter(label: "gateway_websocket_messages_total", dimensions: inbound, factory: factory)
        messagesOut = Counter(label: "gateway_websocket_messages_total", dimensions: outbound, factory: factory)
        bytesIn = Counter(label: "gateway_websocket_bytes_total", dimensions: inbound, factory: factory)
        bytesOut = Counter(label: "gateway_websocket_bytes_total", dimensions: outbound, factory: factory)
        open.set(0)
    }

    func opened() {
        accepted.increment()
        open.increment()
    }

    /// `cause` is one of `WebSocketClose.cause`, `client` for a close frame of the client, `lost` for none.
    func closed(cause: String) {
        open.decrement()
        Counter(label: "gateway_websocket_closes_total", dimensions: [("cause", cause)], factory: factory).increment()
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
