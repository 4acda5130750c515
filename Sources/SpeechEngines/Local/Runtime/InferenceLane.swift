import Foundation
import SessionEngine
import Synchronization

/// One thread that runs models, one piece of work at a time in the order it came; the queue is bounded.
///
/// The thread's niceness is set before any work, so that threads a runtime makes in it inherit it.
final class InferenceLane: Sendable {
    private typealias Work = @Sendable () -> Void

    private let name: String
    private let capacity: Int
    private let queue: LaneQueue

    /// - Parameters:
    ///   - niceness: 0 is normal; higher yields to the media threads.
    ///   - capacity: work that may wait; more is refused.
    init(name: String, niceness: Int32, capacity: Int) {
        self.name = name
        self.capacity = capacity
        let queue = LaneQueue()
        self.queue = queue
        let thread = Thread {
            ThreadPriority.set(niceness)
            while let work = queue.next() { work() }
        }
        thread.name = name
        thread.stackSize = 8 << 20
        thread.start()
    }

    deinit {
        queue.close()
    }

    /// Queues work beyond the lane's capacity, for callers that bound what they post themselves.
    func post(_ work: @escaping @Sendable () -> Void) {
        _ = queue.append(capacity: .max, work)
    }

    /// Waits for its turn and for the result; work whose task is cancelled before its turn is not run.
    func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws(LocalEngineError) -> Result
    ) async throws(EngineFailure) -> Result {
        let cancelled = Atomic(false)
        let outcome: Swift.Result<Result, EngineFailure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let admitted = queue.append(capacity: capacity) {
                    guard !cancelled.load(ordering: .relaxed) else {
                        continuation.resume(returning: .failure(.cancelled))
                        return
                    }
                    do throws(LocalEngineError) {
                        continuation.resume(returning: .success(try work()))
                    } catch {
                        continuation.resume(returning: .failure(EngineFailure(error)))
                    }
                }
                if !admitted { continuation.resume(returning: .failure(.overloaded(name, capacity))) }
            }
        } onCancel: {
            cancelled.store(true, ordering: .relaxed)
        }
        return try outcome.get()
    }
}

/// The waiting work of a lane.
private final class LaneQueue: @unchecked Sendable {
    // Everything is touched under the condition's lock.
    private let condition = NSCondition()
    private var waiting: [@Sendable () -> Void] = []
    private var isClosed = false

    /// False when as much as `capacity` waits.
    func append(capacity: Int, _ work: @escaping @Sendable () -> Void) -> Bool {
        condition.withLock {
            guard waiting.count < capacity, !isClosed else { return false }
            waiting.append(work)
            condition.signal()
            return true
        }
    }

    /// Waits for work; nil once the lane is closed and empty.
    func next() -> (@Sendable () -> Void)? {
        condition.withLock {
            while waiting.isEmpty && !isClosed { condition.wait() }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.signal()
        }
    }
}

extension EngineFailure {
    static let cancelled = EngineFailure(code: "cancelled", message: "The work was cancelled.")

    static func overloaded(_ lane: String, _ waiting: Int) -> EngineFailure {
        EngineFailure(code: "engine_overloaded", message: "The \(lane) has \(waiting) requests waiting; try again.")
    }

    init(_ error: LocalEngineError) {
        self.init(code: "engine_error", message: "\(error)")
    }
}
