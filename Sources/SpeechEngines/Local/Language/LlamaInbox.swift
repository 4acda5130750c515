import Foundation

/// Jobs that wait for the scheduler's thread.
final class LlamaInbox: @unchecked Sendable {
    // Everything is touched under the condition's lock.
    private let condition = NSCondition()
    private let capacity: Int
    private var jobs: [LlamaJob] = []
    private var isClosed = false

    init(capacity: Int) { self.capacity = capacity }

    /// False when as many wait as may.
    func append(_ job: LlamaJob) -> Bool {
        condition.withLock {
            guard jobs.count < capacity, !isClosed else { return false }
            jobs.append(job)
            condition.signal()
            return true
        }
    }

    /// Takes up to `count` jobs, waiting for one when `mustWait`; nil once closed.
    func take(_ count: Int, mustWait: Bool) -> [LlamaJob]? {
        condition.withLock {
            while mustWait && jobs.isEmpty && !isClosed { condition.wait() }
            guard !isClosed else { return nil }
            let taken = Array(jobs.prefix(count))
            jobs.removeFirst(taken.count)
            return taken
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            for job in jobs {
                job.events.yield(.failed("The server stops."))
                job.events.finish()
            }
            jobs = []
            condition.signal()
        }
    }
}
