/// Until ICE has its candidates, or has taken too long to find them; one waits at most.
struct GatheringWait {
    private(set) var isDone = false
    private var waiter: CheckedContinuation<Void, Never>?

    /// Only while it is not done.
    mutating func wait(_ continuation: CheckedContinuation<Void, Never>) { waiter = continuation }

    /// Idempotent.
    mutating func finish() {
        isDone = true
        waiter?.resume()
        waiter = nil
    }
}
