package import SessionEngine

/// A WebSocket to an upstream, open.
package protocol UpstreamSocket: Sendable {
    /// The next thing the upstream does, in order; nil after the last, or once the task is cancelled. One caller at a time.
    nonisolated(nonsending) func nextInput() async -> TransportInput?
    /// Queues a text message, in order. One that finds the queue full ends the socket as `departed(.overrun)`.
    func send(_ message: [UInt8])
    /// Returns when at most `bytes` of what was sent wait for the upstream; at once when the socket has ended or the task is
    /// cancelled.
    func drained(to bytes: Int) async
    /// Ends it. Idempotent.
    func close()
}

/// Opens sockets to upstreams.
package protocol UpstreamConnector: Sendable {
    /// - Throws: `engine_unreachable` (also when it takes too long), `engine_unauthorized`, `engine_model_not_found`,
    ///   `engine_overloaded` or `engine_error`, by what the upstream answered.
    func connect(
        to endpoint: UpstreamEndpoint, isTranscription: Bool
    ) async throws(EngineFailure) -> any UpstreamSocket
}

extension EngineFailure {
    package static let brokenOff = EngineFailure(
        code: "engine_unreachable", message: "The upstream cannot be reached, or broke off.")
}
