/// A WebSocket to a Realtime server, as its client uses it.
package struct SessionLine: Sendable {
    let next: @Sendable () async -> [UInt8]?
    let send: @Sendable ([UInt8]) -> Void
    let close: @Sendable () -> Void

    /// - Parameters:
    ///   - next: the server's next event, as JSON; nil once the socket has ended.
    ///   - send: queues a client event, as JSON.
    ///   - close: ends it, after what was sent. Idempotent.
    package init(
        next: @escaping @Sendable () async -> [UInt8]?, send: @escaping @Sendable ([UInt8]) -> Void,
        close: @escaping @Sendable () -> Void
    ) {
        self.next = next
        self.send = send
        self.close = close
    }
}
