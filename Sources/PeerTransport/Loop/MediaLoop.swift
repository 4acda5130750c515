import AudioPipeline
import CNice
import CoreMetrics
import Glibc

/// One thread that runs one GLib main context and is a Swift serial executor, with a tick every 5 ms.
///
/// Actors pinned to a loop (`unownedExecutor`) are entered from GLib callbacks by `assumeIsolated`, without a hop. The
/// tick serves one of four phases each time, so that every member is served every 20 ms on an absolute schedule and
/// the work of many peers is spread over the frame.
///
/// `@unchecked Sendable`: `jobs` is guarded by its lock; `context` is thread-safe GLib; everything else is touched on
/// the loop's thread only.
package final class MediaLoop: SerialExecutor, @unchecked Sendable {
    /// Length of one tick; four make a 20 ms frame.
    static let tick = Duration.milliseconds(5)
    static let phases = 4

    let context: OpaquePointer
    private let jobs = PosixLock<[Job]>([])
    private let wakeUp = LoopSource()
    private let ticker = LoopSource()
    private var draining: [Job] = []
    private var schedule = TickSchedule(origin: .now)
    private var members: [[any MediaLoopMember]] = Array(repeating: [], count: MediaLoop.phases)
    private var handle = pthread_t()
    private let thread = PosixLock<pthread_t>(0)
    private let load = PosixLock(0)
    private let counted = PosixLock(LoopReading())

    private enum Job {
        case swift(UnownedJob)
        case closure(@Sendable () -> Void)
        case stop
    }

    /// Starts the thread. `name` is shown by the system's tools and cut at 15 bytes.
    package init(name: String) {
        context = g_main_context_new()
        // The loop lives until its thread has ended the sources.
        wakeUp.attach(to: context) { [self] in drainJobs() }
        ticker.attach(to: context) { [self] in runTicks() }
        guard let thread = startThread(name: String(name.prefix(15)), { [self] in run() }) else {
            preconditionFailure("no thread for a media loop")
        }
        handle = thread
    }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        push(.swift(UnownedJob(job)))
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    package var isOnLoop: Bool { pthread_equal(thread.withLock { $0 }, pthread_self()) != 0 }

    package func checkIsolated() { precondition(isOnLoop, "not on the media loop") }

    package func isIsolatingCurrentContext() -> Bool? { isOnLoop }

    /// Runs `work` on the loop, after everything enqueued before it by this thread.
    package func execute(_ work: @escaping @Sendable () -> Void) { push(.closure(work)) }

    /// Returns after a few idle turns of the loop: what frees itself on a later turn has done so.
    func settle() async {
        for _ in 0..<8 {
            await withCheckedContinuation { done in execute { done.resume() } }
        }
    }

    /// Ends the thread once everything enqueued before has run. Members must have left.
    package func stop() { push(.stop) }

    /// Waits for the thread's end after `stop`, once and from another thread: libraries free their per-thread state then.
    func join() { pthread_join(handle, nil) }

    // MARK: Members

    /// Peers served by this loop, for choosing the least loaded. Any thread.
    package var memberCount: Int { load.withLock { $0 } }

    /// How it is doing. Any thread, before `stop`.
    package var reading: LoopReading {
        var reading = counted.withLock { $0 }
        reading.cpu = .nanoseconds(parley_thread_time(handle))
        reading.members = memberCount
        return reading
    }

    /// Serves `member` every 20 ms from now on, in the phase with the fewest members. On the loop only.
    func join(_ member: any MediaLoopMember) {
        checkIsolated()
        let phase = members.indices.min { members[$0].count < members[$1].count } ?? 0
        members[phase].append(member)
        let isFirst = load.withLock { load in
            load += 1
            return load == 1
        }
        guard isFirst else { return }
        schedule.restart(origin: .now)
        armTicker(at: schedule.nextDeadline)
    }

    /// Stops serving `member`. On the loop only; harmless when it is not a member.
    func leave(_ member: any MediaLoopMember) {
        checkIsolated()
        for phase in members.indices {
            guard let index = members[phase].firstIndex(where: { $0 === member }) else { continue }
            members[phase].remove(at: index)
            load.withLock { $0 -= 1 }
        }
        if load.withLock({ $0 }) == 0 { ticker.setReadyTime(-1) }
    }

    // MARK: The thread

    private var isRunning = true

    private func run() {
        thread.withLock { $0 = pthread_self() }
        g_main_context_push_thread_default(context)
        while isRunning { g_main_context_iteration(context, 1) }
        g_main_context_pop_thread_default(context)
        wakeUp.end()
        ticker.end()
        g_main_context_unref(context)
    }

    private func push(_ job: Job) {
        let wasEmpty = jobs.withLock { queue in
            queue.append(job)
            return queue.count == 1
        }
        if wasEmpty { wakeUp.setReadyTime(0) }
    }

    private func drainJobs() {
        wakeUp.setReadyTime(-1)
        jobs.withLock { swap(&$0, &draining) }
        for job in draining {
            switch job {
            case .swift(let job): job.runSynchronously(on: asUnownedSerialExecutor())
            case .closure(let work): work()
            case .stop: isRunning = false
            }
        }
        draining.removeAll(keepingCapacity: true)
    }

    private func runTicks() {
        let now = ContinuousClock.now
        PeerMetrics.shared.tickLateness.recordNanoseconds(max(.zero, now - schedule.nextDeadline).nanoseconds)
        while let phase = schedule.next(now: now) {
            // A copy: a member may leave while it is served.
            for member in members[phase] { member.tick(now: now) }
        }
        counted.withLock { $0 = schedule.reading }
        if load.withLock({ $0 }) > 0 { armTicker(at: schedule.nextDeadline) }
    }

    private func armTicker(at deadline: ContinuousClock.Instant) {
        let wait = max(.zero, deadline - .now)
        ticker.setReadyTime(g_get_monotonic_time() + gint64(wait.microseconds))
    }
}

/// What a media loop serves every 20 ms.
package protocol MediaLoopMember: AnyObject {
    /// Called on the loop, once a frame.
    func tick(now: ContinuousClock.Instant)
}

/// Starts a thread that runs `body`; nil when the system has none to give.
private func startThread(name: String, _ body: @escaping () -> Void) -> pthread_t? {
    final class Start {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }
    let start = Unmanaged.passRetained(Start(body))
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { data in
            guard let data else { return nil }
            Unmanaged<Start>.fromOpaque(data).takeRetainedValue().body()
            return nil
        }, start.toOpaque())
    guard code == 0 else {
        start.release()
        return nil
    }
    parley_set_thread_name(thread, name)
    return thread
}

extension Duration {
    /// Whole nanoseconds, rounded down.
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }

    /// Whole microseconds, rounded down.
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
