package import AudioPipeline
import CNice
import CoreMetrics
import Glibc

/// One thread that runs one GLib main context and is a Swift serial executor, with a tick every 5 ms.
///
/// Actors pinned to a loop (`unownedExecutor`) are entered from GLib callbacks by `assumeIsolated`, without a hop. The
/// tick reads the media sockets that have something, and then serves one of four phases, so that every member is served every
/// 20 ms on an absolute schedule and the work of many peers is spread over the frame. Tasks that take what was read have
/// their turn between the two: what is answered at once goes out with the same tick.
///
/// `@unchecked Sendable`: `inbox`, `load` and the other locks guard their values; what is woken is thread-safe GLib;
/// everything else is touched on the loop's thread only.
package final class MediaLoop: SerialExecutor, @unchecked Sendable {
    /// Length of one tick; four make a 20 ms frame.
    static let tick = Duration.milliseconds(5)
    static let phases = 4
    /// For jobs before frames that are due: more than tasks take that answer what was read, less than a listener's buffer.
    private static let jobTime = Duration.microseconds(300)
    /// Of agents in one round.
    private static let servings = 4
    /// Between two looks at libnice's resting sockets, of which only TCP ones are not in `sockets` too: 100 ms.
    private static let ticksOfRest = 20

    /// A call's part in a tick is shorter; how long the thread may run at a stretch decides how soon it runs when it wakes
    /// beside others that compute. 0.1 ms is the least there is.
    private static let sliceNs: guint64 = 100_000

    /// Media sockets of established calls.
    let sockets = SocketPoll()
    /// For what its peers send, one after the other.
    let slots = PacketSlots()
    private let main = MainContext()
    private let resting = MainContext()
    private let parked = MainContext()
    private let jobs = LoopJobs()
    private var looks = 0
    private var look = SocketLook(due: .now)
    private var schedule = TickSchedule(origin: .now)
    private var members: [[any MediaLoopMember]] = Array(repeating: [], count: MediaLoop.phases)
    private var handle = pthread_t()
    private let thread = PosixLock<pthread_t>(0)
    private let load = PosixLock(0)
    private let counted = PosixLock(LoopReading())
    private let shared = PosixLock(0.0)
    /// When the share was last reckoned, and the thread's time then.
    private var reckoned = (at: ContinuousClock.now, cpu: Duration.zero)
    private let effort = PosixLock(EncoderEffort.most)

    /// Starts the thread. `name` is shown by the system's tools and cut at 15 bytes.
    package init(name: String) {
        // The loop lives until its thread has ended.
        guard let thread = startThread(name: String(name.prefix(15)), { [self] in run() }) else {
            preconditionFailure("no thread for a media loop")
        }
        handle = thread
    }

    /// For what is to be served at once.
    var context: OpaquePointer { main.pointer }

    /// For the sockets of an ICE agent whose call is up: served every 100 ms, and when something of the agent's was found in
    /// one of `sockets`.
    var restingContext: OpaquePointer { resting.pointer }

    /// For those of an agent whose peer is read by measure: never served.
    var parkedContext: OpaquePointer { parked.pointer }

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

    /// Runs a job of a task that prefers this thread.
    func run(_ job: UnownedJob, for executor: LoopTasks) { push(.task(job, executor)) }

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

    /// Of a core, in the last second or two with peers. Any thread.
    var share: Double { memberCount > 0 ? shared.withLock { $0 } : 0 }

    /// No encoder of this loop's peers is set to more effort; within a second. Any thread.
    package var maxEffort: EncoderEffort {
        get { effort.withLock { $0 } }
        set { effort.withLock { $0 = newValue } }
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
    }

    /// Stops serving `member`. On the loop only; harmless when it is not a member.
    func leave(_ member: any MediaLoopMember) {
        checkIsolated()
        for phase in members.indices {
            guard let index = members[phase].firstIndex(where: { $0 === member }) else { continue }
            members[phase].remove(at: index)
            load.withLock { $0 -= 1 }
        }
    }

    // MARK: The thread

    private var isRunning = true
    /// Whether the kernel lets the thread begin before others that run for longer. On the loop only.
    private(set) var isPrompt = false

    private func run() {
        thread.withLock { $0 = pthread_self() }
        isPrompt = parley_ask_slice(Self.sliceNs) != 0
        main.own()
        resting.own()
        parked.own()
        g_main_context_push_thread_default(context)
        while isRunning {
            // What was left undone for frames is done when they have left.
            drainJobs(until: runTicks() ? nil : nextTick)
            if isRunning { rest() }
        }
        g_main_context_pop_thread_default(context)
        parked.disown()
        resting.disown()
        main.disown()
    }

    private func push(_ job: LoopJobs.Job) {
        if jobs.push(job) { main.wakeUp() }
    }

    /// In their order, and no longer than until `limit`: the frames of others are due then.
    private func drainJobs(until limit: ContinuousClock.Instant?) {
        jobs.drain(while: { limit.map { .now < $0 } ?? true }, perform)
    }

    private func perform(_ job: LoopJobs.Job) {
        // A session's work of a frame is nothing to GLib.
        if case .task = job {} else { main.mayHaveChanged() }
        switch job {
        case .swift(let job): job.runSynchronously(on: asUnownedSerialExecutor())
        case .task(let job, let executor): job.runSynchronously(on: executor.asUnownedTaskExecutor())
        case .closure(let work): work()
        case .stop: isRunning = false
        }
    }

    /// Until a tick is due, a job comes, or a source of GLib's is ready, which is then served.
    private func rest() {
        main.turn(limit: jobs.prepareToWait() ? timeToNextTick : .zero)
        jobs.hasWaited()
    }

    /// Until the next tick that finds something to do; nil without members.
    private var timeToNextTick: Duration? {
        guard let due = nextTick else { return nil }
        return look.next.map { min($0, due - .now) } ?? (due - .now)
    }

    /// When a tick is due that finds something to do; nil without members.
    private var nextTick: ContinuousClock.Instant? {
        load.withLock { $0 } > 0 ? schedule.nextDeadline(where: isNeeded) : nil
    }

    /// Whether a tick of this phase has a frame to serve or sockets to read.
    private func isNeeded(_ phase: Int) -> Bool { !sockets.isEmpty || !members[phase].isEmpty }

    /// Reads sockets where it is time to, and serves what is due; true when that was something.
    private func runTicks() -> Bool {
        let now = ContinuousClock.now
        guard let due = nextTick, now >= due || look.next != nil else { return false }
        readSockets(due: due)
        guard now >= due else { return false }
        drainJobs(until: now + Self.jobTime)
        PeerMetrics.shared.tickLateness.recordNanoseconds((now - due).nanoseconds)
        while let phase = schedule.next(now: now, where: isNeeded) {
            // A copy: a member may leave while it is served.
            for member in members[phase] { member.tick(now: now) }
        }
        serveResting()
        counted.withLock { $0 = schedule.reading }
        if now - reckoned.at >= .seconds(1) { reckon(now) }
        return true
    }

    private func reckon(_ now: ContinuousClock.Instant) {
        let cpu = Duration.nanoseconds(parley_thread_time(pthread_self()))
        let share = (cpu - reckoned.cpu) / (now - reckoned.at)
        shared.withLock { $0 = share }
        reckoned = (now, cpu)
    }

    /// What is in the media sockets.
    private func readSockets(due: ContinuousClock.Instant) {
        look.begin(due: due)
        guard !sockets.isEmpty else { return }
        repeat {
            let round = sockets.round()
            if round.left { serveAgents() }
            guard round.took || round.left else { break }
        } while look.goesOn(now: { .now })
    }

    /// What came in libnice's other sockets, now and then. Media sockets are among them, and mostly empty now: what libnice reads it
    /// passes on without its address, all of it at once.
    private func serveResting() {
        looks += 1
        if looks % Self.ticksOfRest == 0, !sockets.isEmpty { resting.serve() }
    }

    /// Few enough that what comes between them from where a peer is now, which libnice may not know, is soon seen.
    private func serveAgents() {
        for _ in 0..<Self.servings where !resting.serve() { return }
    }
}

/// What a media loop serves every 20 ms.
package protocol MediaLoopMember: AnyObject {
    /// Called on the loop, once a frame.
    func tick(now: ContinuousClock.Instant)
}

extension Duration {
    /// Whole nanoseconds, rounded down.
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
