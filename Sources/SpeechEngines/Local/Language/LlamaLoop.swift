import CLlama

/// The state of the scheduler's thread: the context, and a slot per conversation whose cache is kept.
final class LlamaLoop {
    private struct Slot {
        /// What the key-value cache holds of the conversation.
        var cached: [Int32] = []
        var lastUse = 0
        var run: Run?
    }

    /// A job in its slot.
    private struct Run {
        let job: LlamaJob
        let sampler: OpaquePointer
        /// Prompt tokens that were in the cache already.
        let reused: Int
        /// Tokens to decode: the rest of the prompt, then the one chosen last.
        var pending: ArraySlice<Int32>
        var produced = 0
    }

    private let model: LlamaModel
    private let settings: LlamaSettings
    private let context: OpaquePointer
    private let memory: OpaquePointer
    private var slots: [Slot]
    private let batch: LlamaBatch
    private var useCount = 0
    /// The slot that is served first in this step, so that each prompt gets its turn.
    private var turn = 0

    /// Nil when the memory for the context is not there.
    init?(model: LlamaModel, settings: LlamaSettings) {
        let batchTokens = LlamaSettings.sliceTokens + settings.concurrent
        var parameters = model.library.contextDefaults()
        parameters.n_ctx = UInt32(clamping: settings.cacheTokens)
        parameters.n_batch = UInt32(clamping: batchTokens)
        parameters.n_ubatch = parameters.n_batch
        parameters.n_seq_max = UInt32(clamping: settings.conversations)
        parameters.n_threads = settings.threads
        parameters.n_threads_batch = settings.threads
        parameters.kv_unified = true
        parameters.no_perf = true
        guard let context = model.library.makeContext(model.pointer, parameters),
            let memory = model.library.memory(context)
        else { return nil }
        self.model = model
        self.settings = settings
        self.context = context
        self.memory = memory
        slots = Array(repeating: Slot(), count: settings.conversations)
        batch = LlamaBatch(capacity: batchTokens)
    }

    deinit {
        model.library.freeContext(context)
    }

    private var answering: Int { slots.count { $0.run?.job.onlyReads == false } }
    private var isIdle: Bool { slots.allSatisfy { $0.run == nil } }

    /// False once the scheduler is closed.
    func takeJobs(from inbox: LlamaInbox) -> Bool {
        guard let jobs = inbox.take(settings.concurrent - answering, isIdle: isIdle) else { return false }
        endCancelled()
        for job in jobs { begin(job) }
        return true
    }

    /// Ends every job that still runs.
    func end() {
        for index in slots.indices where slots[index].run != nil { fail(index, "The server stops.") }
    }

    /// Decodes one batch.
    func step() {
        endCancelled()
        let outputs = fillBatch()
        guard batch.count > 0 else { return }
        let code = decode()
        if code == 0 {
            for output in outputs { advance(output.slot, output.place) }
            for index in slots.indices where slots[index].run?.pending.isEmpty == true { finish(index, .stop) }
        } else {
            for slot in batch.sequences { fail(Int(slot), "llama.cpp's decode gave \(code).") }
        }
    }

    // MARK: A job begins

    private func begin(_ job: LlamaJob) {
        if job.cancellation.isSet { return end(job, .ended(.cancelled, cachedTokens: 0, outputTokens: 0)) }
        guard let sampler = job.sampling.makeSampler(model) else {
            return end(job, .failed("llama.cpp has no sampler."))
        }
        useCount += 1
        if job.onlyReads, let known = slots.indices.first(where: { isKnown(job.prompt, in: $0) }) {
            slots[known].lastUse = useCount
            model.library.freeSampler(sampler)
            return end(job, .ended(.stop, cachedTokens: job.prompt.count, outputTokens: 0))
        }
        let index = chooseSlot(for: job.prompt)
        let reused = prepareCache(index, job.prompt)
        slots[index].lastUse = useCount
        slots[index].run = Run(job: job, sampler: sampler, reused: reused, pending: job.prompt[reused...])
    }

    private func endCancelled() {
        for index in slots.indices where slots[index].run?.job.cancellation.isSet == true { finish(index, .cancelled) }
    }

    private func isKnown(_ prompt: [Int32], in index: Int) -> Bool {
        commonPrefix(slots[index].cached, prompt) == prompt.count
    }

    /// The free slot whose cache the prompt continues, the longest of those; without one, the least recently used: what
    /// others share with the prompt is copied from them, so that conversations that begin alike keep what is their own.
    private func chooseSlot(for prompt: [Int32]) -> Int {
        let free = slots.indices.filter { slots[$0].run == nil }
        let shared = slots.map { commonPrefix($0.cached, prompt) }
        let own = free.filter {
            shared[$0] > 0 && slots[$0].cached.count - shared[$0] <= min(LlamaSettings.looseTokens, shared[$0])
        }
        let best = own.max { shared[$0] < shared[$1] } ?? free.min { slots[$0].lastUse < slots[$1].lastUse }
        guard let best else { preconditionFailure("more jobs than slots") }
        return best
    }

    /// Leaves the longest known prefix of the prompt in the slot's cache, taken from another slot if that has more;
    /// returns its length. At least one token is left to decode.
    private func prepareCache(_ index: Int, _ prompt: [Int32]) -> Int {
        let known = slots.map { min(commonPrefix($0.cached, prompt), prompt.count - 1) }
        guard let donor = known.indices.max(by: { known[$0] < known[$1] }), known[donor] > known[index] else {
            cutCache(index, to: known[index])
            return known[index]
        }
        cutCache(index, to: 0)
        model.library.copyInMemory(memory, Int32(donor), Int32(index), 0, Int32(known[donor]))
        slots[index].cached = Array(prompt[..<known[donor]])
        return known[donor]
    }

    private func cutCache(_ index: Int, to count: Int) {
        slots[index].cached.removeSubrange(count...)
        _ = model.library.removeFromMemory(memory, Int32(index), Int32(count), -1)
    }

    private func commonPrefix(_ left: [Int32], _ right: [Int32]) -> Int {
        zip(left, right).prefix { $0 == $1 }.count
    }

    // MARK: A step

    /// Puts in one token of each who speaks, then prompts as far as there is room, those that are only read ahead when there
    /// are no others; returns who gets a token chosen.
    private func fillBatch() -> [(slot: Int, place: Int32)] {
        batch.removeAll()
        turn = (turn + 1) % slots.count
        let order = slots.indices.map { ($0 + turn) % slots.count }
        let speaking = order.filter { isAnswering($0) && slots[$0].run?.pending.count == 1 }
        let reading = order.filter { isAnswering($0) && (slots[$0].run?.pending.count ?? 0) > 1 }
        if speaking.isEmpty, reading.isEmpty { return readAhead() }
        var outputs: [(slot: Int, place: Int32)] = []
        for index in speaking + reading {
            guard var run = slots[index].run else { continue }
            let room = run.pending.count == 1 ? 1 : LlamaSettings.sliceTokens - batch.count
            guard room > 0 else { continue }
            for token in run.pending.prefix(room) {
                run.pending.removeFirst()
                let isLast = run.pending.isEmpty
                if isLast { outputs.append((index, Int32(batch.count))) }
                batch.append(token, position: slots[index].cached.count, sequence: index, output: isLast)
                slots[index].cached.append(token)
            }
            slots[index].run = run
        }
        return outputs
    }

    private func isAnswering(_ index: Int) -> Bool { slots[index].run?.job.onlyReads == false }

    /// Puts in the next tokens of the prompt that is read ahead; there is one at a time.
    private func readAhead() -> [(slot: Int, place: Int32)] {
        guard let index = slots.firstIndex(where: { $0.run != nil }), var run = slots[index].run else { return [] }
        for token in run.pending.prefix(LlamaSettings.readingTokens) {
            batch.append(token, position: slots[index].cached.count, sequence: index, output: false)
            slots[index].cached.append(token)
        }
        run.pending = run.pending.dropFirst(LlamaSettings.readingTokens)
        slots[index].run = run
        return []
    }

    /// 0 when it went well; when the cache is full, conversations that are silent lose theirs.
    private func decode() -> Int32 {
        while true {
            let code = model.library.decode(context, batch.pointers)
            let silent = slots.indices.filter { slots[$0].run == nil && !slots[$0].cached.isEmpty }
            guard code == 1, let oldest = silent.min(by: { slots[$0].lastUse < slots[$1].lastUse }) else {
                return code
            }
            cutCache(oldest, to: 0)
        }
    }

    private func advance(_ index: Int, _ place: Int32) {
        guard var run = slots[index].run else { return }
        let token = model.library.sample(run.sampler, context, place)
        if model.isEnd(token) { return finish(index, .stop) }
        run.produced += 1
        run.pending = [token]
        slots[index].run = run
        run.job.events.yield(.piece(model.bytes(of: token)))
        if run.produced >= run.job.maxTokens || slots[index].cached.count >= settings.conversationTokens {
            finish(index, .maxTokens)
        }
    }

    // MARK: A job ends

    private func finish(_ index: Int, _ ending: LlamaJob.Ending) {
        guard let run = release(index) else { return }
        end(run.job, .ended(ending, cachedTokens: run.reused, outputTokens: run.produced))
    }

    private func fail(_ index: Int, _ reason: String) {
        guard let run = release(index) else { return }
        // What the cache holds after a failed step is unknown.
        cutCache(index, to: 0)
        end(run.job, .failed(reason))
    }

    private func end(_ job: LlamaJob, _ event: LlamaJob.Event) {
        job.events.yield(event)
        job.events.finish()
    }

    private func release(_ index: Int) -> Run? {
        guard let run = slots[index].run else { return nil }
        model.library.freeSampler(run.sampler)
        slots[index].run = nil
        return run
    }
}
