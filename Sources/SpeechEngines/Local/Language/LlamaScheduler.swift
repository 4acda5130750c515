import Foundation
import SessionEngine

/// Runs all conversations on one model: each step decodes a token of everyone who speaks and a slice of someone's prompt.
///
/// While nobody speaks, prompts are read ahead of their answers, in small slices. Everything but `submit` happens on the scheduler's own thread.
final class LlamaScheduler: Sendable {
    private let inbox: LlamaInbox

    /// Starts the thread and returns when the context is made.
    init(model: LlamaModel, settings: LlamaSettings, niceness: Int32) throws(LocalEngineError) {
        let inbox = LlamaInbox(capacity: settings.waiting)
        self.inbox = inbox
        let ready = ReadySignal()
        let thread = Thread {
            // llama.cpp's own threads inherit it.
            ThreadPriority.set(niceness)
            guard let loop = LlamaLoop(model: model, settings: settings) else {
                ready.set(false)
                return
            }
            ready.set(true)
            while loop.takeJobs(from: inbox) { loop.step() }
            loop.end()
        }
        thread.name = "language model"
        thread.stackSize = 8 << 20
        thread.start()
        guard ready.wait() else {
            throw .machine("The language model's context of \(settings.cacheTokens) tokens cannot be made.")
        }
    }

    deinit {
        inbox.close()
    }

    func submit(_ job: LlamaJob) throws(EngineFailure) {
        guard inbox.append(job) else {
            throw EngineFailure(
                code: "engine_overloaded", message: "The language model has too many requests waiting; try again.")
        }
    }
}

/// Says once whether something began well.
///
/// `@unchecked Sendable` is safe because the semaphore orders the write before the read.
private final class ReadySignal: @unchecked Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private var isGood = false

    func set(_ good: Bool) {
        isGood = good
        semaphore.signal()
    }

    func wait() -> Bool {
        semaphore.wait()
        return isGood
    }
}
