import RealtimeProtocol

/// The audio of one generation on its way to a peer: what was handed over, and what has been played.
///
/// Samples are mono at 24 kHz, of the generation.
struct Playout: Sendable {
    enum Stage: Equatable, Sendable {
        /// Nothing has been heard.
        case silent
        case playing
    }

    let generation: ResponseGeneration
    let response: ResponseID
    let isOutOfBand: Bool
    private(set) var stage = Stage.silent
    private(set) var delivered = 0
    private(set) var played = 0
    /// Where the clause that was handed over last begins.
    private var lastClause = (number: -1, start: 0)
    /// Items of this generation with sound.
    var items: [ItemID] = []
    /// Set with `response.done`: nothing more will be delivered.
    var isWhole = false

    init(generation: ResponseGeneration, response: ResponseID, isOutOfBand: Bool) {
        self.generation = generation
        self.response = response
        self.isOutOfBand = isOutOfBand
    }

    var isOver: Bool { isWhole && played >= delivered }

    /// Whether the last of its clauses is being heard, or has been: then another response may be told.
    var isAtItsLastClause: Bool {
        delivered > lastClause.start ? played > lastClause.start : played >= lastClause.start
    }

    mutating func deliver(_ samples: Int, of item: ItemID, clause: Int) {
        if clause != lastClause.number { lastClause = (clause, delivered) }
        delivered += samples
        if items.last != item { items.append(item) }
    }

    /// Takes the count of samples that have left; true when they are the first.
    mutating func advance(toPlayed samples: Int) -> Bool {
        played = max(played, min(samples, delivered))
        guard stage == .silent, played > 0 else { return false }
        stage = .playing
        return true
    }
}
