import AudioPipeline

/// Events of several tasks for the one that takes them, in the order they came. Whoever sends waits for an answer before it
/// sends again, so that no more wait than there are senders.
final class Mailbox<Event: Sendable>: Sendable {
    private struct State {
        var events: [Event] = []
        var reader: CheckedContinuation<Event, Never>?
    }

    private let state = PosixLock(State())

    func send(_ event: Event) {
        let reader = state.withLock { state in
            guard let reader = state.reader else {
                state.events.append(event)
                return nil as CheckedContinuation<Event, Never>?
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: event)
    }

    /// The next event; one caller at a time. Cancellation is an event like others.
    func next() async -> Event {
        await withCheckedContinuation { continuation in
            let event = state.withLock { state in
                guard !state.events.isEmpty else {
                    state.reader = continuation
                    return nil as Event?
                }
                return state.events.removeFirst()
            }
            if let event { continuation.resume(returning: event) }
        }
    }
}
