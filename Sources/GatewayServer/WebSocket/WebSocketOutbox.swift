import NIOConcurrencyHelpers

/// Messages on their way to a client: put in from any task, written by the event loop, counted until the system has
/// taken them. A client that does not read fills it, which is the end of its socket.
final class WebSocketOutbox: Sendable {
    private struct State {
        var waiting: [[UInt8]] = []
        /// Waiting, and written but not taken by the system.
        var bytes = 0
        /// The loop has been told and has not drained yet.
        var isAwake = false
        /// Once set, nothing more is taken.
        var close: WebSocketClose?

        mutating func wakeOnce() -> Bool {
            defer { isAwake = true }
            return !isAwake
        }
    }

    private let maxBytes: Int
    private let state = NIOLockedValueBox(State())

    init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    var queuedBytes: Int { state.withLockedValue { $0.bytes } }

    /// Takes a message; one beyond the limit closes instead, and what waited is dropped. True: have the loop drain.
    func put(_ message: [UInt8]) -> Bool {
        state.withLockedValue { state in
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
        state.withLockedValue { state in
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
    func written(_ bytes: Int) { state.withLockedValue { $0.bytes -= bytes } }
}
