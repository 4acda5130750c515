/// What one server of a stage may be asked at once, and how long it may take.
package struct ServerLimits: Equatable, Sendable {
    /// Requests that may wait where nothing else is said.
    package static let usualQueue = 64

    /// Requests at once; nil: no limit.
    package var concurrent: Int?
    /// Requests that may wait for their turn; one more goes to the next server, or fails.
    package var queued = usualQueue
    /// From the request, its wait included, to the first output; then the next server is asked. Nil: no limit but the
    /// session's (`StageDeadlines`).
    package var firstOutput: Duration?
    /// Between two outputs; nil: no limit but the session's.
    package var stall: Duration?
    /// From the request to when the next server is asked beside this one, if it has given nothing by then; nil: never.
    package var hedge: Duration?

    package init() {}
}
