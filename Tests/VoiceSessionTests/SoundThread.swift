import AudioPipeline
import Dispatch
import Glibc

/// A thread that sound comes on, which knows whether it is the current one.
final class SoundThread: TaskExecutor {
    private let queue = DispatchQueue(label: "sound")
    private let running = PosixLock<pthread_t?>(nil)

    var isCurrent: Bool { running.withLock { $0 } == pthread_self() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in
            running.withLock { $0 = pthread_self() }
            job.runSynchronously(on: asUnownedTaskExecutor())
            running.withLock { $0 = nil }
        }
    }
}
