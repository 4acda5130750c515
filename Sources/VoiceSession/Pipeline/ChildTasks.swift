import RealtimeProtocol
import SessionEngine

/// What a child task of a session does; one of each runs at a time.
enum ChildKey: Hashable, Sendable {
    case events(TransportID)
    case audio(TransportID)
    case silence(TransportID)
    case playout(TransportID)
    case timer
    case connection
    case voiceActivity
    case turnScore
    case recognition
    case transcription(ItemID, contentIndex: Int)
    case preparation
    case model(ResponseGeneration)
    case voice(ResponseGeneration)
    /// What is said once more to a client that is back.
    case again
    case upstream
    case speech(TransportID)
    /// The listing or the call of an MCP server's tools.
    case tool(ItemID)
    case allowance
}

/// One run of a child task; what it brings after another run took its place, or after it was cancelled, is stale.
struct ChildTicket: Hashable, Sendable {
    let key: ChildKey
    fileprivate let number: UInt64
}

/// The child tasks of one session: each can be cancelled alone, and the session's task group waits for them all.
///
/// Not Sendable: the session's actor owns it. A class, since it is asked with every frame and would be copied for that.
final class ChildTasks {
    private struct Child {
        let ticket: ChildTicket
        let task: Task<Void, Never>
    }

    /// Every task once, for the task group; ends when no more can be started.
    let started: AsyncStream<Task<Void, Never>>

    private let startedOut: AsyncStream<Task<Void, Never>>.Continuation
    private var running: [ChildKey: Child] = [:]
    private var number: UInt64 = 0
    private var isOver = false

    init() {
        (started, startedOut) = AsyncStream.makeStream()
    }

    /// Lets a group wait for a task, and cancel it.
    static func adopt(_ task: Task<Void, Never>, in group: inout DiscardingTaskGroup) {
        group.addTask {
            await withTaskCancellationHandler {
                await task.value
            } onCancel: {
                task.cancel()
            }
        }
    }

    /// Starts a task off the session's actor; the one with the same key is cancelled. With an executor, the task and the
    /// actor while it does this task's work are there, otherwise on the pool.
    func start(
        _ key: ChildKey, on executor: (any TaskExecutor)? = nil,
        _ work: @escaping @Sendable (ChildTicket) async -> Void
    ) {
        guard !isOver else { return }
        cancel(key)
        number &+= 1
        let ticket = ChildTicket(key: key, number: number)
        let task = Task(executorPreference: executor) { await work(ticket) }
        running[key] = Child(ticket: ticket, task: task)
        startedOut.yield(task)
    }

    func isRunning(_ key: ChildKey) -> Bool { running[key] != nil }

    func isCurrent(_ ticket: ChildTicket) -> Bool { running[ticket.key]?.ticket == ticket }

    func ended(_ ticket: ChildTicket) {
        if isCurrent(ticket) { running[ticket.key] = nil }
    }

    func cancel(_ key: ChildKey) {
        running.removeValue(forKey: key)?.task.cancel()
    }

    /// Cancels the transcriptions of every part of an item.
    func cancelTranscriptions(of item: ItemID) {
        for case .transcription(item, let index) in running.keys {
            cancel(.transcription(item, contentIndex: index))
        }
    }

    /// Cancels everything, for good.
    func cancelAll() {
        isOver = true
        for child in running.values { child.task.cancel() }
        running = [:]
        startedOut.finish()
    }
}
