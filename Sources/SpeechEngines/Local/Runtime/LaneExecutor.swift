/// Runs tasks on the thread of a lane, for work that would hold one of the few threads that all tasks share.
final class LaneExecutor: TaskExecutor {
    private let lane: InferenceLane

    init(lane: InferenceLane) {
        self.lane = lane
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        lane.post { job.runSynchronously(on: executor) }
    }
}
