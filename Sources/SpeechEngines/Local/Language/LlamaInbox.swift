import Foundation

/// Jobs that wait for the scheduler's thread: answers first, then prompts to read ahead.
///
/// `@unchecked Sendable` is safe because everything is touched under the condition's lock.
final class LlamaInbox: @unchecked Sendable {
    private let condition = NSCondition()
    private let capacity: Int
    private var answers: [LlamaJob] = []
    private var readings: [LlamaJob] = []
    private var isClosed = false

    init(capacity: Int) { self.capacity = capacity }

    /// False when as many of its kind wait as may.
    func append(_ job: LlamaJob) -> Bool {
        condition.withLock {
            readings.removeAll { $0.cancellation.isSet }
            guard !isClosed, (job.onlyReads ? readings : answers).count < capacity else { return false }
            if job.onlyReads { readings.append(job) } else { answers.append(job) }
            condition.signal()
            return true
        }
    }

    /// Takes up to `count` answers or, without any and when `isIdle`, one prompt to read, waiting for either; nil once
    /// closed.
    func take(_ count: Int, isIdle: Bool) -> [LlamaJob]? {
        condition.withLock {
            while isIdle && answers.isEmpty && readings.isEmpty && !isClosed { condition.wait() }
            guard !isClosed else { return nil }
            if isIdle, answers.isEmpty { return [readings.removeFirst()] }
            let taken = Array(answers.prefix(count))
            answers.removeFirst(taken.count)
            return taken
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            for job in answers + readings {
                job.events.yield(.failed("The server stops."))
                job.events.finish()
            }
            (answers, readings) = ([], [])
            condition.signal()
        }
    }
}
