/// Runs one session: what every driver meets. One driver serves one session.
package protocol SessionDriver: Sendable {
    /// Runs the session on its first transport; returns when the session has ended, or when the task is cancelled.
    func run(_ transport: any SessionTransport) async
    /// Adds a transport to the running session; returns when that one has ended.
    func attach(_ transport: any SessionTransport) async
}
