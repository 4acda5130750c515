import AudioPipeline

/// How a call ended, and who waits for that. Thread-safe by one pthread mutex, never held while a waiter is resumed.
final class CallEnd: Sendable {
    private struct State {
        var reason: PeerCloseReason?
        var isOver = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = PosixLock(State())

    /// Nil until the end has begun.
    var reason: PeerCloseReason? { state.withLock { $0.reason } }

    /// False when it had begun before.
    func begin(_ reason: PeerCloseReason) -> Bool {
        state.withLock { state in
            guard state.reason == nil else { return false }
            state.reason = reason
            return true
        }
    }

    /// Nothing of the call is left: those who wait go on.
    func finish() {
        let waiters = state.withLock { state in
            state.isOver = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns after `finish`.
    nonisolated(nonsending) func wait() async {
        guard !state.withLock({ $0.isOver }) else { return }
        await withCheckedContinuation { waiter in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiters.append(waiter) }
                return state.isOver
            }
            if isOver { waiter.resume() }
        }
    }
}
