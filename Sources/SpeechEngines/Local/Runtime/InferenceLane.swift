import AudioPipeline
import Foundation
import SessionEngine

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

    /// Waits for its turn and for the result. Who is cancelled is let go at once: work that has not begun is not run, and
    /// the result of work that has is dropped, so that a model that hangs holds its lane and nobody else.
    func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws(LocalEngineError) -> Result
    ) async throws(EngineFailure) -> Result {
        guard let result = try await run(work, admitted: { [queue, capacity] in queue.append(capacity: capacity, $0) })
        else { throw .overloaded(name, capacity) }
        return result
    }

    /// Waits for the result where nothing else is being run and nothing waits; nil otherwise, at once.
    func runIfIdle<Result: Sendable>(
        _ work: @escaping @Sendable () throws(LocalEngineError) -> Result
    ) async throws(EngineFailure) -> Result? {
        try await run(work, admitted: { [queue] in queue.appendIfIdle($0) })
    }

    /// Nil where the work was not admitted.
    private func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws(LocalEngineError) -> Result, admitted: (@escaping Work) -> Bool
    ) async throws(EngineFailure) -> Result? {
        let asker = Asker<Result?>()
        let outcome: Swift.Result<Result?, EngineFailure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard asker.waits(continuation) else { return }
                let isAdmitted = admitted {
                    guard asker.isWaiting else { return }
                    do throws(LocalEngineError) {
                        asker.answer(.success(try work()))
                    } catch {
                        asker.answer(.failure(EngineFailure(error)))
                    }
                }
                if !isAdmitted { asker.answer(.success(nil)) }
            }
        } onCancel: {
            asker.answer(.failure(.cancelled))
        }
        return try outcome.get()
    }
}

/// Who waits for a result, and takes the first answer: the work's, a refusal, or its own cancellation.
private final class Asker<Result: Sendable>: Sendable {
    private typealias Answer = Swift.Result<Result, EngineFailure>

    private enum State: Sendable {
        case asking
        case waiting(CheckedContinuation<Swift.Result<Result, EngineFailure>, Never>)
        case answered(Swift.Result<Result, EngineFailure>)
    }

    private let state = PosixLock(State.asking)

    var isWaiting: Bool {
        state.withLock { if case .waiting = $0 { true } else { false } }
    }

    /// False, and answered at once, when it was cancelled before it could wait.
    func waits(_ continuation: CheckedContinuation<Swift.Result<Result, EngineFailure>, Never>) -> Bool {
        let early: Answer? = state.withLock { state in
            if case .answered(let answer) = state { return answer }
            state = .waiting(continuation)
            return nil
        }
        if let early { continuation.resume(returning: early) }
        return early == nil
    }

    func answer(_ answer: Swift.Result<Result, EngineFailure>) {
        let waiter = state.withLock { state -> CheckedContinuation<Swift.Result<Result, EngineFailure>, Never>? in
            defer { if case .answered = state {} else { state = .answered(answer) } }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiter?.resume(returning: answer)
    }
}

/// The waiting work of a lane.
///
/// `@unchecked Sendable` is safe because everything is touched under the condition's lock.
private final class LaneQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private var waiting: [@Sendable () -> Void] = []
    private var isClosed = false
    private var isRunning = false

    /// False when something is run or waits.
    func appendIfIdle(_ work: @escaping @Sendable () -> Void) -> Bool {
        condition.withLock {
            guard waiting.isEmpty, !isRunning, !isClosed else { return false }
            waiting.append(work)
            condition.signal()
            return true
        }
    }

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
            isRunning = false
            while waiting.isEmpty && !isClosed { condition.wait() }
            isRunning = !waiting.isEmpty
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
    static func overloaded(_ lane: String, _ waiting: Int) -> EngineFailure {
        EngineFailure(code: "engine_overloaded", message: "The \(lane) has \(waiting) requests waiting; try again.")
    }

    init(_ error: LocalEngineError) {
        self.init(code: "engine_error", message: "\(error)")
    }
}
