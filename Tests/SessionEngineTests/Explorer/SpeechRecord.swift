import RealtimeProtocol
import SessionEngine

/// What was spoken, delivered and played, kept apart from the machine's own books.
struct SpeechRecord {
    private struct Clause {
        let text: String
        var start: Int?
        var samples = 0
        var words: [WordTiming] = []
    }

    private struct Generation {
        var clauses: [Int: Clause] = [:]
        var samples = 0
        var played = 0
        var isCancelled = false
        var isDiscarded = false
        var items: [ItemID: (first: Int, clauses: [Int])] = [:]
        var response: ResponseID?

        var isBeforeItsLastClause: Bool {
            let last = clauses.values.filter { $0.start != nil && $0.samples > 0 }.compactMap(\.start).max()
            return !isDiscarded && last.map { played <= $0 } == true
        }
    }

    private enum Buffer { case started, stopped, cleared }

    private(set) var hasAudio = false
    private var generations: [ResponseGeneration: Generation] = [:]
    private var generationOf: [ItemID: ResponseGeneration] = [:]
    private var told: [ItemID: [String]] = [:]
    private var cuts: [ItemID: Int] = [:]
    private var buffers: [ResponseID: Buffer] = [:]
    private var pending: (ResponseGeneration, SpeechChunk)?

    // MARK: Work

    mutating func start(_ generation: ResponseGeneration) -> Bool {
        guard generations[generation] == nil else { return false }
        generations[generation] = Generation()
        return true
    }

    mutating func speak(_ generation: ResponseGeneration, _ request: SpeechRequest) -> Bool {
        guard let state = generations[generation], !state.isCancelled else { return false }
        generations[generation]?.clauses[request.clause] = Clause(text: request.text)
        return true
    }

    /// What was sent in events so far is the client's to play.
    mutating func isOfClient() {
        generations = generations.mapValues { generation in
            var generation = generation
            generation.played = generation.samples
            return generation
        }
    }

    /// A peer that is back hears it from here on.
    mutating func sayAgain(_ generation: ResponseGeneration, after heard: Int) {
        generations[generation]?.played = heard
        if let response = generations[generation]?.response { buffers[response] = nil }
    }

    mutating func cancel(_ generation: ResponseGeneration) { generations[generation]?.isCancelled = true }

    /// A block came from the voice; it counts when the machine hands it on.
    mutating func spoke(_ generation: ResponseGeneration, _ chunk: SpeechChunk) { pending = (generation, chunk) }

    /// The machine has had its chance to hand the block on: what is told from now on has nothing to do with it.
    mutating func forgetBlock() { pending = nil }

    mutating func deliver(_ generation: ResponseGeneration, _ part: PartAddress) -> Bool {
        guard var state = generations[generation], !state.isCancelled, let (of, chunk) = pending, of == generation
        else {
            return false
        }
        pending = nil
        hasAudio = true
        let item = part.item.item
        generationOf[item] = generation
        state.response = part.item.response
        if state.items[item] == nil { state.items[item] = (state.samples, []) }
        if state.clauses[chunk.clause]?.start == nil {
            state.clauses[chunk.clause]?.start = state.samples
            state.items[item]?.clauses.append(chunk.clause)
        }
        state.clauses[chunk.clause]?.samples += chunk.samples
        state.clauses[chunk.clause]?.words += chunk.words
        state.samples += chunk.samples
        generations[generation] = state
        return true
    }

    mutating func played(_ generation: ResponseGeneration, _ samples: Int) {
        guard let state = generations[generation] else { return }
        generations[generation]?.played = max(state.played, min(samples, state.samples))
    }

    // MARK: What was heard

    /// A clause was told; what is wrong with its time, if anything. A clause is told before its first block is handed
    /// on, so the last one may not be in the books yet.
    mutating func told(_ item: ItemID, _ text: String, onPeer: Bool) -> String? {
        told[item, default: []].append(text)
        guard onPeer, let count = told[item]?.count, let generation = generationOf[item] ?? pending?.0,
            let state = generations[generation]
        else { return nil }
        let made = state.items[item]?.clauses ?? []
        guard let number = count <= made.count ? made[count - 1] : pending?.1.clause else { return nil }
        let before = state.clauses.filter { $0.key < number && $0.value.start != nil }.max { $0.key < $1.key }?.value
        if let before, let start = before.start {
            return state.played > start || before.samples == 0 ? nil : "'\(text)' was told at \(state.played) samples"
        }
        // Without sound so far it has no turn to wait for.
        let coming = pending.map { $0.0 == generation ? $0.1.samples : 0 } ?? 0
        guard state.samples + coming > 0 else { return nil }
        let queued = generations.contains { $0.key < generation && $0.value.isBeforeItsLastClause }
        return queued ? "'\(text)' was told while another response has more to say" : nil
    }

    mutating func discard(_ generation: ResponseGeneration) { generations[generation]?.isDiscarded = true }

    /// How much of an item has been played, in ms.
    func heardMs(_ item: ItemID) -> Int? {
        guard let generation = generationOf[item], let state = generations[generation], let of = state.items[item]
        else { return nil }
        return max(0, state.played - of.first) / 24
    }

    mutating func truncated(_ item: ItemID, _ endMs: Int) { cuts[item] = min(endMs, cuts[item] ?? endMs) }

    /// What is wrong with a transcript in the history: it must begin as it was told, and hold no word that ended after
    /// the cut.
    func problem(with transcript: String, of item: ItemID) -> String? {
        guard let texts = told[item] else { return nil }
        let whole = texts.joined()
        guard whole.hasPrefix(transcript) else { return "'\(transcript)' was never said" }
        guard let cut = cuts[item], let generation = generationOf[item], let state = generations[generation],
            let of = state.items[item]
        else { return nil }
        guard of.clauses.allSatisfy({ state.clauses[$0].map { $0.samples == 0 || !$0.words.isEmpty } == true }) else {
            return nil  // Without word times the cut is by proportion.
        }
        let heard = of.clauses.reduce(0) { count, number in
            guard let clause = state.clauses[number], let start = clause.start else { return count }
            let offset = (start - of.first) / 24
            return count + clause.words.filter { $0.endMs + offset <= cut + 1 }.count
        }
        let words = transcript.split { $0.isWhitespace }.count
        return words <= heard ? nil : "\(words) words of '\(transcript)' remain, \(heard) were heard by \(cut)ms"
    }

    // MARK: Buffers

    mutating func bufferStarted(_ id: ResponseID) -> Bool {
        guard buffers[id] == nil, let state = generations.values.first(where: { $0.response == id }), state.played > 0
        else { return false }
        buffers[id] = .started
        return true
    }

    mutating func bufferStopped(_ id: ResponseID) -> Bool {
        guard buffers[id] == .started, let state = generations.values.first(where: { $0.response == id }),
            state.played >= state.samples
        else { return false }
        buffers[id] = .stopped
        return true
    }

    mutating func bufferCleared(_ id: ResponseID) { buffers[id] = .cleared }
}
