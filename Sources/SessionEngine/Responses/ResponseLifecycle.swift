import RealtimeProtocol

/// The responses that are not done: at most one that writes to the default conversation, some beside it.
struct ResponseLifecycle: Sendable {
    /// Responses out of band at one time; more are refused.
    static let maxOutOfBand = 8

    private(set) var active: ActiveResponse?
    private(set) var outOfBand: [ActiveResponse] = []
    private var generations: UInt64 = 0

    var all: [ActiveResponse] { (active.map { [$0] } ?? []) + outOfBand }

    func response(_ generation: ResponseGeneration) -> ActiveResponse? {
        if active?.generation == generation { return active }
        return outOfBand.first { $0.generation == generation }
    }

    /// When some stage will have been silent for too long; nil while none works.
    func deadline(_ limits: StageDeadlines) -> ContinuousClock.Instant? {
        outOfBand.reduce(active?.deadline(limits)) { .earlier($0, $1.deadline(limits)) }
    }

    /// Whether an item is of a response that is not done.
    func isMaking(_ id: ItemID) -> Bool { all.contains { $0.outputs.contains { $0.id == id } } }

    mutating func nextGeneration() -> ResponseGeneration {
        generations += 1
        return ResponseGeneration(rawValue: generations)
    }

    /// Keeps a response under its generation: a new one, or what has become of one.
    mutating func put(_ response: ActiveResponse) {
        guard response.plan.isOutOfBand else {
            active = response
            return
        }
        if let index = outOfBand.firstIndex(where: { $0.generation == response.generation }) {
            outOfBand[index] = response
        } else {
            outOfBand.append(response)
        }
    }

    /// So many samples of a response were heard, in all.
    mutating func heard(_ samples: Int, of generation: ResponseGeneration) {
        if active?.generation == generation { active?.played = samples }
        for index in outOfBand.indices where outOfBand[index].generation == generation {
            outOfBand[index].played = samples
        }
    }

    /// Whether a response of this generation or a later one has words that were not told.
    func hasUntold(from generation: ResponseGeneration) -> Bool {
        if let active, active.generation >= generation, active.hasUntold { return true }
        return outOfBand.contains { $0.generation >= generation && $0.hasUntold }
    }

    /// Sound was heard: a voice that waits for its turn, or for room, is not late.
    mutating func listenerHeard(_ now: ContinuousClock.Instant) {
        active?.voiceActed = now
        for index in outOfBand.indices { outOfBand[index].voiceActed = now }
    }

    mutating func remove(_ generation: ResponseGeneration) {
        if active?.generation == generation { active = nil }
        outOfBand.removeAll { $0.generation == generation }
    }
}
