extension PeerConnection {
    /// Waits until then: one frame late at most, but without a timer, and without waking a thread where the caller prefers
    /// `executor`.
    ///
    /// - Throws: `CancellationError` once the task is cancelled or the call has ended.
    package func sleep(until due: ContinuousClock.Instant) async throws {
        let id = alarms.makeID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled || closeReason != nil { return continuation.resume(throwing: CancellationError()) }
                alarms.add(continuation, due: due, id)
            }
        } onCancel: {
            onLoop { $0.alarms.cancel(id) }
        }
    }
}
