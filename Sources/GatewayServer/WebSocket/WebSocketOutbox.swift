import NIOConcurrencyHelpers

/// Messages on their way to a client: put in from any task, written by the event loop, counted until the system has
/// taken them. A client that does not read fills it, which is the end of its socket.
final class WebSocketOutbox: Sendable {
    private struct Waiter {
        let bytes: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var waiting: [[UInt8]] = []
        /// Waiting, and written but not taken by the system.
        var bytes = 0
        /// The loop has been told and has not drained yet.
        var isAwake = false
        /// Once set, nothing more is taken.
        var close: WebSocketClose?
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0

        mutating func wakeOnce() -> Bool {
            defer { isAwake = true }
            return !isAwake
        }

        /// Those whose wait is over.
        mutating func due() -> [CheckedContinuation<Void, Never>] {
            if waiters.isEmpty { return [] }
            let due = waiters.filter { close != nil || bytes <= $0.value.bytes }
            for id in due.keys { waiters[id] = nil }
            return due.values.map(\.continuation)
        }
    }

    private let maxBytes: Int
    private let state = NIOLockedValueBox(State())

    init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    /// Takes a message; one beyond the limit closes instead, and what waited is dropped. True: have the loop drain.
    func put(_ message: [UInt8]) -> Bool {
        changed { state in
            guard state.close == nil else { return false }
            guard state.bytes + message.count <= maxBytes else {
                state.waiting = []
                state.close = .slowReader
                return state.wakeOnce()
            }
            state.waiting.append(message)
            state.bytes += message.count
            return state.wakeOnce()
        }
    }

    /// Nothing is taken after this; what waits is sent, then the close frame. True: have the loop drain.
    func close(_ close: WebSocketClose) -> Bool {
        changed { state in
            guard state.close == nil else { return false }
            state.close = close
            return state.wakeOnce()
        }
    }

    /// All that waits, and the close frame to send after it.
    func drain() -> (messages: [[UInt8]], close: WebSocketClose?) {
        state.withLockedValue { state in
            defer {
                state.waiting = []
                state.isAwake = false
            }
            return (state.waiting, state.close)
        }
    }

    /// The system has taken, or lost, these bytes.
    func written(_ bytes: Int) { changed { $0.bytes -= bytes } }

    /// Returns when at most so many bytes wait; at once when it is closed or the task is cancelled.
    func drained(to bytes: Int) async {
        let id = state.withLockedValue { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let due = state.withLockedValue { state in
                    state.waiters[id] = Waiter(bytes: Task.isCancelled ? .max : bytes, continuation: continuation)
                    return state.due()
                }
                for continuation in due { continuation.resume() }
            }
        } onCancel: {
            state.withLockedValue { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
        }
    }

    private func changed<Result>(_ change: (inout State) -> Result) -> Result {
        let (result, due) = state.withLockedValue { state in
            let result = change(&state)
            return (result, state.due())
        }
        for continuation in due { continuation.resume() }
        return result
    }
}
