/// Who waits for a time, each woken with the first frame after it.
///
/// Confined to its loop.
struct FrameAlarms {
    /// Names one that waits.
    struct ID: Hashable {
        fileprivate let number: UInt64
    }

    private struct Sleeper {
        let id: ID
        let due: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private var sleepers: [Sleeper] = []
    /// When the first of them is due.
    private var next: ContinuousClock.Instant?
    private var last: UInt64 = 0

    mutating func makeID() -> ID {
        last += 1
        return ID(number: last)
    }

    mutating func add(_ continuation: CheckedContinuation<Void, any Error>, due: ContinuousClock.Instant, _ id: ID) {
        sleepers.append(Sleeper(id: id, due: due, continuation: continuation))
        next = min(next ?? due, due)
    }

    /// Wakes those whose time has come.
    mutating func ring(now: ContinuousClock.Instant) {
        guard let next, next <= now else { return }
        for sleeper in sleepers where sleeper.due <= now { sleeper.continuation.resume() }
        sleepers.removeAll { $0.due <= now }
        self.next = sleepers.lazy.map(\.due).min()
    }

    /// Sends one away, if it still waits.
    mutating func cancel(_ id: ID) {
        guard let index = sleepers.firstIndex(where: { $0.id == id }) else { return }
        sleepers.remove(at: index).continuation.resume(throwing: CancellationError())
    }

    /// Sends everybody away.
    mutating func cancelAll() {
        for sleeper in sleepers { sleeper.continuation.resume(throwing: CancellationError()) }
        sleepers = []
    }
}
