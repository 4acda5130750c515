import NIOConcurrencyHelpers
import SessionEngine
import VoiceSession

/// What a client sent and its session has not taken yet. The event loop puts in, one task of the session takes out;
/// once full, the loop stops reading the socket until half of it is taken, so the client waits and nothing is lost.
final class WebSocketInbox: Sendable {
    /// One thing the session hears.
    private enum Entry {
        case opened
        case message(WebSocketMessage)
        case departed(SessionInput.Departure)
    }

    private struct State {
        var entries: [Entry] = []
        var next = 0
        var bytes = 0
        var isFinished = false
        var wasFull = false
        var waiter: CheckedContinuation<Void, Never>?
        var onRoom: (@Sendable () -> Void)?

        var count: Int { entries.count - next }

        mutating func pop() -> Entry? {
            guard next < entries.count else { return nil }
            let entry = entries[next]
            entries[next] = .opened
            next += 1
            if next == entries.count || next > 1024 {
                entries.removeFirst(next)
                next = 0
            }
            return entry
        }
    }

    private let limits: WebSocketLimits
    private let state = NIOLockedValueBox(State(entries: [.opened]))

    init(limits: WebSocketLimits) {
        self.limits = limits
    }

    /// `action` runs after a time of being full, once there is room again.
    func whenRoom(_ action: (@Sendable () -> Void)?) {
        state.withLockedValue { $0.onRoom = action }
    }

    /// Whether the socket should not be read for now.
    var isFull: Bool {
        state.withLockedValue { state in
            state.wasFull = state.bytes >= limits.maxInboxBytes || state.count >= limits.maxInboxMessages
            return state.wasFull
        }
    }

    func put(_ message: WebSocketMessage) {
        let waiter = state.withLockedValue { state -> CheckedContinuation<Void, Never>? in
            guard !state.isFinished else { return nil }
            state.entries.append(.message(message))
            state.bytes += message.byteCount
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// The last entry; later ones are ignored.
    func finish(_ departure: SessionInput.Departure) {
        let waiter = state.withLockedValue { state -> CheckedContinuation<Void, Never>? in
            guard !state.isFinished else { return nil }
            state.isFinished = true
            state.entries.append(.departed(departure))
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// The next input; nil after the last, or once the task is cancelled. Called by one task at a time.
    nonisolated(nonsending) func take() async -> TransportInput? {
        while true {
            let (entry, isOver, room) = pop()
            room?()
            switch entry {
            case .opened: return .opened(channel: 0)
            case .message(let message) where message.byteCount > limits.longMessageBytes:
                return .message(await message.unmaskedOnPool())
            case .message(let message): return .message(TransportMessage(message))
            case .departed(let departure): return .departed(departure)
            case nil where isOver || Task.isCancelled: return nil
            case nil: await wait()
            }
        }
    }

    private func pop() -> (Entry?, isOver: Bool, room: (@Sendable () -> Void)?) {
        state.withLockedValue { state in
            let entry = state.pop()
            if case .message(let message) = entry { state.bytes -= message.byteCount }
            let hasRoom = state.bytes <= limits.maxInboxBytes / 2 && state.count <= limits.maxInboxMessages / 2
            guard state.wasFull, hasRoom else { return (entry, state.isFinished, nil) }
            state.wasFull = false
            return (entry, state.isFinished, state.onRoom)
        }
    }

    private func wait(isolation: isolated (any Actor)? = #isolation) async {
        await withTaskCancellationHandler {
            // Captured, so that the closure stays where the caller is.
            _ = isolation
            await withCheckedContinuation { continuation in
                let isReady = state.withLockedValue { state in
                    if state.count > 0 || state.isFinished || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLockedValue { $0.waiter.take() }?.resume()
        }
    }
}
