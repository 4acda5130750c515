import AudioPipeline
import SessionEngine

/// The places of one server, shared by every line of the configuration that names it: who is over its limit waits in one fair
/// queue.
final class ServerPlaces: Sendable {
    typealias Queue = FairQueue<ObjectIdentifier>

    /// A line of the configuration that names the server.
    typealias Line = ObjectIdentifier

    /// Requests of one line.
    struct Counts: Equatable, Sendable {
        var served = 0
        var waiting = 0
    }

    private struct State {
        var queue: Queue
        var lines: [Queue.Ticket: Line] = [:]
        var counts: [Line: Counts] = [:]
        /// Connections that are being opened ahead.
        var opening = 0
        var waiters: [Queue.Ticket: CheckedContinuation<Bool, Never>] = [:]
        /// Served or called off before its waiter was there.
        var settled: [Queue.Ticket: Bool] = [:]
    }

    /// Served at once; nil: any number.
    let limit: Int?
    private let state: PosixLock<State>

    init(limit: Int?) {
        self.limit = limit
        state = PosixLock(State(queue: Queue(limit: limit)))
    }

    /// - Parameter queued: how many of the line may wait.
    func enter(_ session: StageSession, of line: Line, queued: Int) -> Queue.Entry {
        state.withLock { state in
            let waiting = state.counts[line]?.waiting ?? 0
            let entry = state.queue.enter(ObjectIdentifier(session), mayWait: waiting < queued)
            switch entry {
            case .served(let ticket):
                state.lines[ticket] = line
                state.counts[line, default: Counts()].served += 1
            case .waiting(let ticket):
                state.lines[ticket] = line
                state.counts[line, default: Counts()].waiting += 1
            case .full: break
            }
            return entry
        }
    }

    func counts(of line: Line) -> Counts { state.withLock { $0.counts[line] ?? Counts() } }

    /// Whether its turn came, when it comes or when the task is cancelled.
    func served(_ ticket: Queue.Ticket) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { wait(ticket, $0) }
        } onCancel: {
            callOff(ticket)
        }
    }

    func leave(_ ticket: Queue.Ticket) {
        let waiter = state.withLock { state in
            if let line = state.lines.removeValue(forKey: ticket) { state.counts[line]?.served -= 1 }
            guard let next = state.queue.leave(ticket) else { return nil as CheckedContinuation<Bool, Never>? }
            if let line = state.lines[next] {
                state.counts[line]?.waiting -= 1
                state.counts[line]?.served += 1
            }
            return Self.settle(next, true, &state)
        }
        waiter?.resume(returning: true)
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
            if let line = state.lines.removeValue(forKey: ticket) { state.counts[line]?.waiting -= 1 }
            return Self.settle(ticket, false, &state)
        }
        waiter?.resume(returning: false)
    }

    private static func settle(
        _ ticket: Queue.Ticket, _ isServed: Bool, _ state: inout State
    ) -> CheckedContinuation<Bool, Never>? {
        if let waiter = state.waiters.removeValue(forKey: ticket) { return waiter }
        state.settled[ticket] = isServed
        return nil
    }
}
