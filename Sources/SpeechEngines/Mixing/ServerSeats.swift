import AudioPipeline
import CoreMetrics
import SessionEngine

/// The places of one server: who is over its limit waits in a fair queue.
final class ServerSeats: Sendable {
    private typealias Queue = FairQueue<ObjectIdentifier>

    private struct State {
        var queue: Queue
        /// Connections that are being opened ahead.
        var opening = 0
        var waiters: [Queue.Ticket: CheckedContinuation<Bool, Never>] = [:]
        /// Served or called off before its waiter was there.
        var settled: [Queue.Ticket: Bool] = [:]
    }

    /// A place, until it is given back.
    struct Seat: Sendable {
        fileprivate let ticket: FairQueue<ObjectIdentifier>.Ticket
    }

    private let state: PosixLock<State>
    private let metrics: ServerMetrics

    init(_ limits: ServerLimits, metrics: ServerMetrics) {
        state = PosixLock(State(queue: Queue(limit: limits.concurrent, places: limits.queued)))
        self.metrics = metrics
    }

    /// A place for a request of this session, when its turn comes; nil where no more may wait.
    ///
    /// - Throws: when the task is cancelled.
    func take(_ session: StageSession) async throws(EngineFailure) -> Seat? {
        let entry = state.withLock { $0.queue.enter(ObjectIdentifier(session)) }
        show()
        switch entry {
        case .full: return nil
        case .served(let ticket): return Seat(ticket: ticket)
        case .waiting(let ticket):
            let isServed = await withTaskCancellationHandler {
                await withCheckedContinuation { wait(ticket, $0) }
            } onCancel: {
                callOff(ticket)
            }
            guard isServed else { throw .cancelled }
            return Seat(ticket: ticket)
        }
    }

    /// Whether one more connection may be opened ahead: no more than there are places free, and no request waits for it.
    /// Every one that may is followed by `hasOpened`.
    func mayOpen() -> Bool {
        state.withLock { state in
            guard state.queue.hasFree(beside: state.opening) else { return false }
            state.opening += 1
            return true
        }
    }

    func hasOpened() { state.withLock { $0.opening -= 1 } }

    func giveBack(_ seat: Seat) {
        let waiter = state.withLock { state in
            state.queue.leave(seat.ticket).flatMap { Self.settle($0, true, &state) }
        }
        show()
        waiter?.resume(returning: true)
    }

    private func wait(_ ticket: Queue.Ticket, _ continuation: CheckedContinuation<Bool, Never>) {
        let settled = state.withLock { state in
            let settled = state.settled.removeValue(forKey: ticket)
            if settled == nil { state.waiters[ticket] = continuation }
            return settled
        }
        if let settled { continuation.resume(returning: settled) }
    }

    /// A request that was served in the same moment keeps its place; its task sees that it is cancelled.
    private func callOff(_ ticket: Queue.Ticket) {
        let waiter = state.withLock { state in
            guard state.queue.isWaiting(ticket) else { return nil as CheckedContinuation<Bool, Never>? }
            _ = state.queue.leave(ticket)
            return Self.settle(ticket, false, &state)
        }
        show()
        waiter?.resume(returning: false)
    }

    private static func settle(
        _ ticket: Queue.Ticket, _ isServed: Bool, _ state: inout State
    ) -> CheckedContinuation<Bool, Never>? {
        if let waiter = state.waiters.removeValue(forKey: ticket) { return waiter }
        state.settled[ticket] = isServed
        return nil
    }

    private func show() {
        let (served, waiting) = state.withLock { ($0.queue.servedCount, $0.queue.waitingCount) }
        metrics.running.record(served)
        metrics.waiting.record(waiting)
    }
}
