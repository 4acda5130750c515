import AudioPipeline

/// What tasks and other threads want done on a media loop, in the order in which they asked.
///
/// `push` is for any thread, the rest for the loop's own. `@unchecked Sendable`: what is not under the lock is the loop's.
final class LoopJobs: @unchecked Sendable {
    enum Job {
        case swift(UnownedJob)
        case task(UnownedJob, LoopTasks)
        case closure(@Sendable () -> Void)
        case stop
    }

    private struct Inbox {
        var jobs: [Job] = []
        /// The thread waits: the next job wakes it.
        var isAwaited = false
    }

    private let inbox = PosixLock(Inbox())
    private var taken: [Job] = []
    private var done = 0

    /// True when the thread waits, and is to be woken.
    func push(_ job: Job) -> Bool {
        inbox.withLock { inbox in
            inbox.jobs.append(job)
            defer { inbox.isAwaited = false }
            return inbox.isAwaited
        }
    }

    /// Does what there is with `perform`, what was asked for meanwhile aside, for as long as `goesOn` says so after each; the
    /// rest comes first the next time.
    func drain(while goesOn: () -> Bool, _ perform: (Job) -> Void) {
        if taken.isEmpty { inbox.withLock { swap(&$0.jobs, &taken) } }
        while done < taken.count {
            perform(taken[done])
            done += 1
            guard done == taken.count || goesOn() else { return }
        }
        taken.removeAll(keepingCapacity: true)
        done = 0
    }

    /// The thread is about to wait; false when there is something to do.
    func prepareToWait() -> Bool {
        guard taken.isEmpty else { return false }
        return inbox.withLock { inbox in
            inbox.isAwaited = inbox.jobs.isEmpty
            return inbox.isAwaited
        }
    }

    /// The thread has waited.
    func hasWaited() { inbox.withLock { $0.isAwaited = false } }
}
