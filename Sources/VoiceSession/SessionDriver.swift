/// Runs one conversation over a transport: what every driver meets.
package protocol SessionDriver: Sendable {
    /// Returns when the transport has ended, or when the task is cancelled.
    func run<Transport: SessionTransport>(_ transport: Transport) async
}
