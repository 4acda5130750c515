/// Runs tasks that prefer it on the thread of one media loop, as long as the loop runs: between its ticks, so what they do
/// between two waits must be short.
final class LoopTasks: TaskExecutor {
    private let loop: MediaLoop

    init(_ loop: MediaLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) { loop.run(UnownedJob(job), for: self) }
}
